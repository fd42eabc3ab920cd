/** Byte ranges: of a read (RFC 9110, section 14), and of the source of a copied part. */
import { S3Error } from "../errors.ts";

/**
 * First and last byte that a read asks for, both included, or null for the whole: S3 sends all of it for
 * whatever is not one byte range. Throws InvalidRange (416).
 */
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

/**
 * First and last byte to copy, both included, or null for the whole. S3 requires both numbers here, within
 * the source. Throws InvalidArgument.
 */
export function readCopyRange(header: string | undefined, size: number): { from: number; to: number } | null {
  if (header === undefined) return null;
  const [, first, last] = /^bytes=(\d{1,16})-(\d{1,16})$/.exec(header.trim()) ?? [];
  const from = Number(first);
  const to = Number(last);
  if (first === undefined || from > to)
    throw new S3Error("InvalidArgument", "x-amz-copy-source-range must be bytes=first-last.");
  if (to >= size)
    throw new S3Error("InvalidArgument", `The range is not within the source object of ${size} bytes.`);
  return { from, to };
}
