/**
 * Which addresses we connect to for others: public ones only, unless the operator lists a host or a network.
 * Addresses of the machine, its networks and everything that is translated to them are refused.
 */
import ipaddr from "ipaddr.js";

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];
/** What an operator has listed: names, and networks in CIDR form (an address is a network of its own). */
export type AllowList = { names: ReadonlySet<string>; networks: readonly Network[] };

/** Global unicast (RFC 4291); everything else of IPv6 is local, mapped, translated or not assigned. */
const GLOBAL_V6: Network = [ipaddr.IPv6.parse("2000::"), 3];

/** The name or address of a URL, without the brackets of IPv6 and the dot at the end of a full name. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");

/** The address that `host` is, or undefined for a name. URLs have made the other forms of IPv4 normal. */
const addressOf = (host: string) =>
  ipaddr.IPv4.isValidFourPartDecimal(host) || ipaddr.IPv6.isValid(host) ? ipaddr.parse(host) : undefined;

/**
 * The address in its one way of writing (RFC 5952), that of IPv4 where it is mapped into IPv6; undefined for what is
 * none.
 */
export const normalAddress = (text: string): string | undefined => unmapped(text)?.toString();

/** The /64 that an address of IPv6 belongs to; undefined for others. */
export function networkOf(text: string): string | undefined {
  const address = unmapped(text);
  if (!(address instanceof ipaddr.IPv6)) return undefined;
  const parts = address.parts.slice(0, 4).map((part) => part.toString(16));
  return `${parts.join(":")}::/64`;
}

const unmapped = (text: string) => {
  const address = addressOf(text);
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
};

export const isAddress = (host: string): boolean => addressOf(host) !== undefined;

/** Reads `host, 10.0.0.0/8, …`. Throws an Error that names the entry which is neither name nor network. */
export function readAllowList(text: string): AllowList {
  const names = new Set<string>();
  const networks: Network[] = [];
  for (const entry of text.split(",").map((part) => part.trim().toLowerCase())) {
    if (entry === "") continue;
    const address = addressOf(entry.replace(/^\[|\]$/g, ""));
    if (address) networks.push([address, address.kind() === "ipv4" ? 32 : 128]);
    else if (ipaddr.isValidCIDR(entry)) networks.push(ipaddr.parseCIDR(entry));
    else if (/^[a-z0-9_]([a-z0-9_.-]{0,252}[a-z0-9_])?$/.test(entry) && !/^[\d.]+$/.test(entry))
      names.add(entry);
    else throw new Error(`"${entry}" is neither a host nor a network`);
  }
  return { names, networks };
}

const isIn = (address: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: Network): boolean =>
  address.kind() === network.kind() && address.match(network, bits);

/** Whether the operator has listed the name, or the address itself or a network of it. */
export function isListed(host: string, { names, networks }: AllowList): boolean {
  const address = addressOf(host);
  return address ? networks.some((network) => isIn(address, network)) : names.has(host.toLowerCase());
}

/** Whether the text is an address of the public internet. Anything that is no address is none. */
export function isPublicAddress(text: string): boolean {
  const address = addressOf(text);
  if (address?.range() !== "unicast") return false;
  return address.kind() === "ipv4" || isIn(address, GLOBAL_V6);
}

/** Names that never leave a machine or its network, whatever they resolve to. */
const isLocalName = (host: string) =>
  !host.includes(".") || /\.(localhost|local|internal|home\.arpa)$/.test(host);

/**
 * Whether the URL is sure to be refused before anything is resolved: neither http nor https; a private address
 * or a local name that is not listed; where `plainHttp` is not allowed, http where nothing listed can cover it.
 */
export function isRefusedAtOnce(url: URL, allow: AllowList, { plainHttp = false } = {}): boolean {
  const isPlain = url.protocol === "http:" && !plainHttp;
  const host = hostOf(url).toLowerCase();
  if (!/^https?:$/.test(url.protocol) || host === "") return true;
  if (isListed(host, allow)) return false;
  if (isAddress(host)) return isPlain || !isPublicAddress(host);
  // A listed network covers the names that resolve to it, which only the connection finds out.
  return (isPlain || isLocalName(host)) && allow.networks.length === 0;
}
