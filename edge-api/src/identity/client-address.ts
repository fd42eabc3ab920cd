/** Who is calling, as far as a proxy that the operator trusts says so. */

/**
 * The client's address from the configured header (the last entry of a list: what the nearest proxy added), or
 * undefined. An IPv6 address counts with its /64: that is what one client has.
 */
export function clientAddress(headers: Headers, trusted: string | undefined): string | undefined {
  if (!trusted) return undefined;
  const address = headers.get(trusted)?.split(",").at(-1)?.trim().toLowerCase().slice(0, 64);
  if (!address) return undefined;
  if (!address.includes(":") || address.includes(".")) return address;
  return `${expanded(address).slice(0, 4).join(":")}::/64`;
}

function expanded(address: string): string[] {
  const [head = "", tail] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array<string>(gap).fill("0"), ...after];
}
