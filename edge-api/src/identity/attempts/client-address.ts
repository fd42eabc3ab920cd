/** The client's address, as reported by a proxy that the operator trusts. */
import { networkOf, normalAddress } from "@storagex/contract/net/addresses";

/**
 * The client's address from the configured header: the last entry of a list, which the nearest proxy added. Each
 * address is written in one way. Undefined if there is none.
 */
export function clientAddress(headers: Headers, trusted: string | undefined): string | undefined {
  if (!trusted) return undefined;
  const entry = headers.get(trusted)?.split(",").at(-1)?.trim().toLowerCase().slice(0, 64);
  if (!entry) return undefined;
  const address = withoutPort(entry);
  return normalAddress(address) ?? address;
}

/** The subject of attempt counts: an IPv6 address by its /64, because one client owns a whole /64. */
export function clientNetwork(headers: Headers, trusted: string | undefined): string | undefined {
  const address = clientAddress(headers, trusted);
  return address === undefined ? undefined : (networkOf(address) ?? address);
}

/** Some proxies append the connection's port: `1.2.3.4:5678`, `[2001:db8::1]:5678`. It identifies nobody. */
function withoutPort(entry: string): string {
  return /^\[([^\]]*)\](?::\d+)?$/.exec(entry)?.[1] ?? entry.replace(/^([^:]*):\d+$/, "$1");
}
