/** Who is calling, as far as a proxy that the operator trusts says so. */

/** The client's address from the configured header (the last entry of a list: what the nearest proxy added), or undefined. */
export function clientAddress(headers: Headers, trusted: string | undefined): string | undefined {
  if (!trusted) return undefined;
  const entry = headers.get(trusted)?.split(",").at(-1)?.trim().toLowerCase().slice(0, 64);
  return entry ? withoutPort(entry) : undefined;
}

/** What attempts are counted under: an IPv6 address with its /64, which is what one client has. */
export function clientNetwork(headers: Headers, trusted: string | undefined): string | undefined {
  const address = clientAddress(headers, trusted);
  if (address === undefined || !address.includes(":") || address.includes(".")) return address;
  return `${expanded(address).slice(0, 4).join(":")}::/64`;
}

/** Some proxies append the port of the connection, `1.2.3.4:5678` or `[2001:db8::1]:5678`: it is no part of who calls. */
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
