/**
 * Parses the Range header (RFC 9110, section 14): one byte range; for anything else S3 sends the whole
 * object.
 */
import { S3Error } from "./errors.ts";

/** First and last byte asked for, both included, or null for the whole; throws InvalidRange (416). */
export function readRange(header: string | undefined, size: number): { from: number; to: number } | null {
  const fields = /^bytes=(\d{0,16})-(\d{0,16})$/.exec(header?.trim() ?? "");
  const [, first = "", last = ""] = fields ?? [];
  if (!fields || (first === "" && last === "")) return null;
  const unsatisfiable = new S3Error("InvalidRange", undefined, { "Content-Range": `bytes */${size}` });
  if (first === "") {
    if (Number(last) === 0 || size === 0) throw unsatisfiable;
    return { from: Math.max(0, size - Number(last)), to: size - 1 };
  }
  const from = Number(first);
  if (last !== "" && Number(last) < from) return null;
  if (from >= size) throw unsatisfiable;
  return { from, to: last === "" ? size - 1 : Math.min(Number(last), size - 1) };
}
