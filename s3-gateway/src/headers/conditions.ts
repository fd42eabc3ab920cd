/** If-Match and the other conditional headers (RFC 9110, section 13), for reads and writes. */
import { S3Error } from "../errors.ts";
import type { StoredObject } from "../store/objects.ts";

/** Throws PreconditionFailed, or NotModified (a 304), when the request's conditions do not hold. */
export function checkReadConditions(headers: ReadonlyMap<string, string>, object: StoredObject): void {
  const modified = Math.floor(object.modified / 1000) * 1000;
  const match = headers.get("if-match");
  const since = readDate(headers.get("if-unmodified-since"));
  if (match !== undefined ? !names(match, object.etag) : since !== null && modified > since) {
    throw new S3Error("PreconditionFailed");
  }
  const noneMatch = headers.get("if-none-match");
  const after = readDate(headers.get("if-modified-since"));
  if (noneMatch !== undefined ? names(noneMatch, object.etag) : after !== null && modified <= after) {
    throw new S3Error("NotModified", undefined, {
      ETag: object.etag,
      "Last-Modified": new Date(object.modified).toUTCString(),
    });
  }
}

/** A write may require that the key is free (`If-None-Match: *`) or that it replaces this ETag. */
export function checkWriteConditions(
  headers: ReadonlyMap<string, string>,
  existing: StoredObject | null,
): void {
  const noneMatch = headers.get("if-none-match");
  if (noneMatch !== undefined && noneMatch.trim() !== "*") {
    throw new S3Error("NotImplemented", "A write takes only If-None-Match: *.");
  }
  if (noneMatch !== undefined && existing) throw new S3Error("PreconditionFailed");
  const match = headers.get("if-match");
  if (match === undefined) return;
  if (!existing) throw new S3Error("NoSuchKey");
  if (!names(match, existing.etag)) throw new S3Error("PreconditionFailed");
}

/** The conditions on the source of a copy, under the names that a read uses. */
export function copyConditions(headers: ReadonlyMap<string, string>): Map<string, string> {
  const conditions = new Map<string, string>();
  for (const [name, value] of headers) {
    const found = /^x-amz-copy-source-(if-.*)$/.exec(name);
    if (found?.[1]) conditions.set(found[1], value);
  }
  return conditions;
}

/** Whether a list of entity tags, or `*`, includes this one. */
export function names(list: string, etag: string): boolean {
  return list.trim() === "*" || list.split(",").some((tag) => sameTag(tag, etag));
}

/** SDKs may leave out the quotes of a tag. */
export function sameTag(given: string, etag: string): boolean {
  const bare = (tag: string): string => tag.trim().replace(/^(?:W\/)?"?(.*?)"?$/, "$1");
  return bare(given) === bare(etag);
}

function readDate(text: string | undefined): number | null {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? null : time;
}
