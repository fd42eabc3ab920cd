/**
 * HTTP requests to addresses that others chose (webhooks, imports). Only the public internet is reached, and
 * what the operator lists: every address of a name is checked, the connection goes to a checked one and never
 * asks for the name again, and each redirect is checked like the first address.
 */
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIPv6, type LookupFunction } from "node:net";
import {
  type AllowList,
  hostOf,
  isAddress,
  isListed,
  isPublicAddress,
} from "@storagex/contract/net/addresses";
import { type Resolve, resolveName } from "./resolve.ts";

/** The address is not one that we connect to for others, or a redirect leads to such a one or too far. */
export class Refused extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Refused";
  }
}

export type EgressRequest = {
  method: "GET" | "HEAD" | "POST";
  headers: Readonly<Record<string, string>>;
  body?: string;
  allow: AllowList;
  /** Whether http is allowed to hosts that are not listed, too. */
  plainHttp?: boolean;
  /** Redirects that are followed; 0 for none, and then the redirect is the answer. */
  maxRedirects: number;
  /** Ends the request and the reading of its answer. */
  signal: AbortSignal;
  resolve?: Resolve;
};

/**
 * The answer's head, with its body unread: read or destroy it. Rejects with `Refused`, the abort's reason, or
 * the error of the connection.
 */
export async function egressRequest(address: string, options: EgressRequest): Promise<IncomingMessage> {
  let url = new URL(address);
  for (let hop = 0; ; hop += 1) {
    const addresses = await checkedAddresses(url, options);
    const answer = await send(url, addresses, options);
    const location = isRedirect(answer) ? answer.headers.location : undefined;
    if (location === undefined || options.maxRedirects === 0) return answer;
    answer.destroy();
    if (hop === options.maxRedirects) throw new Refused(`more than ${options.maxRedirects} redirects`);
    if (!URL.canParse(location, url)) throw new Refused("a redirect to what is no address");
    url = new URL(location, url);
  }
}

const isRedirect = ({ statusCode = 0 }: IncomingMessage) => [301, 302, 303, 307, 308].includes(statusCode);

/** The addresses of the URL's host, of which every one may be connected to. */
async function checkedAddresses(
  url: URL,
  { allow, plainHttp = false, resolve = resolveName, signal }: EgressRequest,
): Promise<string[]> {
  if (!/^https?:$/.test(url.protocol)) throw new Refused(`${url.protocol} is neither http nor https`);
  const host = hostOf(url);
  const addresses = isAddress(host) ? [host] : await before(signal, resolve(host));
  if (addresses.length === 0) throw new Error(`${host} has no address`);
  const isListedName = !isAddress(host) && isListed(host, allow);
  for (const address of addresses) {
    const isCovered = isListedName || isListed(address, allow);
    if (!isCovered && !isPublicAddress(address)) throw new Refused(`${host} is not on the public internet`);
    if (!isCovered && !plainHttp && url.protocol === "http:")
      throw new Refused("plain http is allowed to listed hosts only");
  }
  return addresses;
}

/** The value, or the signal's reason if it comes first. */
async function before<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
    promise.catch(() => undefined);
  }
}

/** Sends to one of `addresses`, whatever the name has become since. */
function send(
  url: URL,
  addresses: readonly string[],
  { method, headers, body, signal }: EgressRequest,
): Promise<IncomingMessage> {
  const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  const pinned: LookupFunction = (_, options, callback) => {
    if (options.all) return callback(null, found);
    const [first] = found;
    callback(null, first?.address ?? "", first?.family);
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? requestHttps : requestHttp)(
      url.href,
      { method, headers, lookup: pinned, agent: false, signal },
      resolve,
    );
    // Resolved means that the head is there; a later error belongs to the body, which has its own listeners.
    request.on("error", reject);
    request.end(body);
  });
}

/** The first `maxBytes` bytes of an answer, as far as they come in `ms`; the rest is not read. */
export async function readStart(answer: IncomingMessage, maxBytes: number, ms: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  const late = setTimeout(() => answer.destroy(), ms);
  try {
    for await (const piece of answer) {
      pieces.push(piece);
      size += piece.length;
      if (size >= maxBytes) break;
    }
  } catch {
    // Cut off: what came until then is the start.
  } finally {
    clearTimeout(late);
    answer.destroy();
  }
  return Buffer.concat(pieces).subarray(0, maxBytes);
}
