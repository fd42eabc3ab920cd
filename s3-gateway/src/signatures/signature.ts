/** AWS Signature Version 4: canonical request, string to sign, derived key. Pure: no clock, no policy. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

export interface Scope {
  date: string;
  region: string;
}

/** RFC 3986 percent encoding as S3 canonicalises it (unreserved characters stay, hex in capitals). */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The canonical request over decoded parts, so that every spelling of a path has the same signature. */
export function canonicalRequest(parts: {
  method: string;
  path: string;
  query: Iterable<readonly [string, string]>;
  headers: ReadonlyMap<string, string>;
  signedHeaders: readonly string[];
  payloadHash: string;
}): string {
  const query = [...parts.query]
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort((a, b) => (a[0] === b[0] ? compare(a[1], b[1]) : compare(a[0], b[0])))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  const headers = parts.signedHeaders
    .map((name) => `${name}:${(parts.headers.get(name) ?? "").trim().replace(/\s+/g, " ")}\n`)
    .join("");
  const path = parts.path.split("/").map(uriEncode).join("/");
  return [parts.method, path, query, headers, parts.signedHeaders.join(";"), parts.payloadHash].join("\n");
}

export function stringToSign(amzDate: string, scope: Scope, canonical: string): string {
  return ["AWS4-HMAC-SHA256", amzDate, scopeText(scope), sha256Hex(canonical)].join("\n");
}

export function scopeText(scope: Scope): string {
  return `${scope.date}/${scope.region}/s3/aws4_request`;
}

/** The signing key of one day and region. */
export function signingKey(secret: string, scope: Scope): Buffer {
  const day = hmac(`AWS4${secret}`, scope.date);
  return hmac(hmac(hmac(day, scope.region), "s3"), "aws4_request");
}

export function sign(key: Buffer, text: string): string {
  return hmac(key, text).toString("hex");
}

/** Constant-time comparison of two hex signatures of full length. */
export function sameSignature(expected: string, given: string): boolean {
  if (!/^[0-9a-f]{64}$/.test(given)) return false;
  return timingSafeEqual(Buffer.from(expected, "hex"), Buffer.from(given, "hex"));
}

export function sha256Hex(bytes: string | Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
