/** A request before authentication: decoded path, query and headers, each name once. */
import type { IncomingMessage } from "node:http";
import { S3Error } from "./errors.ts";

export interface S3Request {
  method: string;
  /** Percent-decoded path: the signature covers the same string that names bucket and key. */
  path: string;
  bucket: string;
  key: string;
  query: Map<string, string>;
  headers: Map<string, string>;
  /** Headers that came as query parameters, where the signature covers them. */
  hoisted: Set<string>;
}

/** Query parameters of a presigned signature; every other `X-Amz-*` one stands for a header. */
const signingParameters = new Set(
  "algorithm credential date expires signedheaders signature security-token content-sha256"
    .split(" ")
    .map((name) => `x-amz-${name}`),
);

/**
 * Parses without normalising: `..` and `//` are ordinary characters of a key. Throws InvalidURI,
 * InvalidRequest.
 */
export function readRequest(incoming: IncomingMessage): S3Request {
  const target = incoming.url ?? "";
  if (!target.startsWith("/")) throw new S3Error("InvalidURI");
  const mark = target.indexOf("?");
  const path = percentDecode(mark < 0 ? target : target.slice(0, mark));
  const query = readQuery(mark < 0 ? "" : target.slice(mark + 1));
  const headers = readHeaders(incoming.rawHeaders);
  const hoisted = hoist(query, headers);

  const slash = path.indexOf("/", 1);
  const bucket = slash < 0 ? path.slice(1) : path.slice(1, slash);
  const key = slash < 0 ? "" : path.slice(slash + 1);
  if (Buffer.byteLength(key) > 1024) throw new S3Error("KeyTooLongError");
  // U+10FFFF is no character, and marks the end of a prefix in listings.
  if (/[\0\u{10ffff}]/u.test(path)) throw new S3Error("InvalidURI");
  return { method: incoming.method ?? "", path, bucket, key, query, headers, hoisted };
}

/** Throws InvalidArgument for text that cannot stand in an HTTP header, such as a line break. */
export function requireHeaderValue(name: string, value: string): void {
  if (!/^[\x20-\x7e\xa0-\xff]*$/.test(value))
    throw new S3Error("InvalidArgument", `${name} is not a header value.`);
}

/** Strict UTF-8 percent decoding; `+` is a plus sign, as in S3's canonical request. */
export function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error("InvalidURI");
  }
}

function readQuery(text: string): Map<string, string> {
  const query = new Map<string, string>();
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = percentDecode(equals < 0 ? pair : pair.slice(0, equals));
    // Parsers differ in how they read two values of one name, and no S3 client needs them.
    if (query.has(name)) throw new S3Error("InvalidArgument", `The parameter ${name} is repeated.`);
    query.set(name, equals < 0 ? "" : percentDecode(pair.slice(equals + 1)));
  }
  return query;
}

/** Headers that proxies and browsers repeat and this gateway never reads. */
const repeatable = /^(?:accept|accept-.*|cache-control|cookie|forwarded|via|x-forwarded-.*|connection)$/;

function readHeaders(raw: string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? "").toLowerCase();
    if (headers.has(name) && !repeatable.test(name)) {
      throw new S3Error("InvalidRequest", `The header ${name} is repeated.`);
    }
    headers.set(name, raw[index + 1] ?? "");
  }
  return headers;
}

/** SDK presigners move `x-amz-*` headers into the query; there they mean the same and are signed with it. */
function hoist(query: Map<string, string>, headers: Map<string, string>): Set<string> {
  const hoisted = new Set<string>();
  for (const [given, value] of query) {
    const name = given.toLowerCase();
    if (!name.startsWith("x-amz-") || signingParameters.has(name)) continue;
    if (headers.has(name)) throw new S3Error("InvalidRequest", `${name} stands in the request twice.`);
    requireHeaderValue(name, value);
    headers.set(name, value);
    hoisted.add(name);
  }
  return hoisted;
}
