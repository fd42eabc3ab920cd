/** ETags, and whether a client already has a response (RFC 9110, section 13.1.2). */
import { hashOf } from "../../keys/random.ts";

/** A strong ETag: the same for the same text. */
export const etagOf = async (text: string): Promise<string> => `"${(await hashOf(text)).slice(0, 32)}"`;

/** Weak comparison of `If-None-Match` with the response's own ETag. */
export function isNamed(ifNoneMatch: string | null | undefined, etag: string): boolean {
  const names = (ifNoneMatch ?? "").split(",").map((name) => name.trim().replace(/^W\//, ""));
  return names.includes("*") || names.includes(etag.replace(/^W\//, ""));
}
