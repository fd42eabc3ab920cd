/** CopyObject and UploadPartCopy share the source's blobs: rows are written, and no byte is copied. */
import { createHash } from "node:crypto";
import { S3Error } from "../errors.ts";
import { checkReadConditions, checkWriteConditions, copyConditions } from "../headers/conditions.ts";
import { readMetadata } from "../headers/metadata.ts";
import { readCopyRange } from "../headers/range.ts";
import { percentDecode, type S3Request } from "../request.ts";
import {
  extentsOf,
  findObject,
  replaceObject,
  requireObject,
  type StoredObject,
  spansOf,
} from "../store/objects.ts";
import { requireBucket } from "../store/store.ts";
import { putPart, requireUpload } from "../store/uploads.ts";
import { renderXml } from "../xml.ts";
import type { Answer, Call } from "./call.ts";
import { readPartNumber } from "./multipart.ts";

/** Bytes that one copy may move, S3's own limit. */
const largestCopy = 5 * 1024 ** 3;

interface CopySource {
  bucket: string;
  key: string;
}

/** CopyObject: the copy has the source's ETag. */
export async function copyObject({ request, store, now }: Call): Promise<Answer> {
  const { bucket, key, headers } = request;
  const from = readCopySource(request);
  requireBucket(store, bucket);
  const replaces = headers.get("x-amz-metadata-directive") === "REPLACE";
  if (from.bucket === bucket && from.key === key && !replaces) {
    throw new S3Error("InvalidRequest", "A copy onto itself must replace the metadata.");
  }
  const metadata = readMetadata(headers);
  const etag = await store.change((drop) => {
    const source = requireObject(store, from.bucket, from.key);
    checkCopyConditions(headers, source);
    checkWriteConditions(headers, findObject(store, bucket, key));
    const pieces = extentsOf(store, source.id);
    const kept = replaces ? metadata : source.headers;
    replaceObject(store, { bucket, key, etag: source.etag, modified: now, headers: kept, pieces }, drop);
    return source.etag;
  });
  const result = { LastModified: new Date(now).toISOString(), ETag: etag };
  return { status: 200, xml: renderXml("CopyObjectResult", result) };
}

/** UploadPartCopy: an object, or a range of one, becomes a part of an open upload. */
export async function uploadPartCopy({ request, store, now }: Call): Promise<Answer> {
  const { bucket, key, query, headers } = request;
  const from = readCopySource(request);
  readMetadata(headers);
  const number = readPartNumber(query.get("partNumber"));
  const id = query.get("uploadId") ?? "";
  const etag = await store.change((drop) => {
    requireUpload(store, bucket, key, id);
    const source = requireObject(store, from.bucket, from.key);
    checkCopyConditions(headers, source);
    const range = readCopyRange(headers.get("x-amz-copy-source-range"), source.size);
    const { from: first, to: last } = range ?? { from: 0, to: source.size - 1 };
    const size = last - first + 1;
    if (size > largestCopy) throw new S3Error("InvalidRequest", "A copied part is at most 5 GiB.");
    const pieces = range
      ? spansOf(extentsOf(store, source.id), first, last).map((span) => ({
          blob: span.blob,
          start: span.from,
          size: span.to - span.from + 1,
        }))
      : extentsOf(store, source.id);
    const tag = partTag(source, range && `${first}-${last}`);
    putPart(store, id, { number, size, etag: tag, modified: now, pieces }, drop);
    return tag;
  });
  const result = { LastModified: new Date(now).toISOString(), ETag: etag };
  return { status: 200, xml: renderXml("CopyPartResult", result) };
}

/**
 * The ETag of a copied part. S3 sends the MD5 of its bytes, which is the source's own ETag where that is a
 * plain one. For a range, and for a source that was itself uploaded in parts, all bytes would have to be read
 * for it: there it is derived from what identifies the bytes.
 */
function partTag(source: StoredObject, range: string | null): string {
  if (range === null && /^"[0-9a-f]{32}"$/.test(source.etag)) return source.etag;
  return `"${createHash("md5").update(`${source.etag} ${range}`).digest("hex")}"`;
}

/** The header is percent-encoded like a path; a version would stand behind a question mark that is not. */
function readCopySource({ headers }: S3Request): CopySource {
  const [path = "", version] = (headers.get("x-amz-copy-source") ?? "").split("?");
  if (version !== undefined) throw new S3Error("NotImplemented", "Objects have no versions.");
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(percentDecode(path)) ?? [];
  if (!bucket || !key) throw new S3Error("InvalidArgument", "x-amz-copy-source must be bucket/key.");
  return { bucket, key };
}

function checkCopyConditions(headers: ReadonlyMap<string, string>, source: StoredObject): void {
  try {
    checkReadConditions(copyConditions(headers), source);
  } catch (error) {
    // A copy has no 304.
    if (error instanceof S3Error && error.code === "NotModified") throw new S3Error("PreconditionFailed");
    throw error;
  }
}
