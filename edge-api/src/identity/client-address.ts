/** The client's address, as reported by a proxy that the operator trusts. */

/**
 * The client's address from the configured header: the last entry of a list, which the nearest proxy added.
 * Undefined if there is none.
 */
export function clientAddress(headers: Headers, trusted: string | undefined): string | undefined {
  if (!trusted) return undefined;
  const entry = headers.get(trusted)?.split(",").at(-1)?.trim().toLowerCase().slice(0, 64);
  return entry ? withoutPort(entry) : undefined;
}

/** The subject of attempt counts: an IPv6 address by its /64, because one client owns a whole /64. */
export function clientNetwork(headers: Headers, trusted: string | undefined): string | undefined {
  const address = clientAddress(headers, trusted);
  if (address === undefined || !address.includes(":") || address.includes(".")) return address;
  return `${expanded(address).slice(0, 4).join(":")}::/64`;
}

/** Some proxies append the connection's port: `1.2.3.4:5678`, `[2001:db8::1]:5678`. It identifies nobody. */
function withoutPort(entry: string): string {
  return /^\[([^\]]*)\](?::\d+)?$/.exec(entry)?.[1] ?? entry.replace(/^([^:]*):\d+$/, "$1");
}

function expanded(address: string): string[] {
  const [head = "", tail] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array<string>(gap).fill("0"), ...after];
}
