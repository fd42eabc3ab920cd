/** Formats a listening address, and the address that reaches it. */

/** The host that reaches a service listening on `host` from this machine. */
export function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host;
}

/** `host:port`; an IPv6 address stands in brackets. */
export function hostPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
