/** Operations on one object: put, get, head, copy, delete. */
import { checkReadConditions, checkWriteConditions, copyConditions, names } from "../conditions.ts";
import { S3Error } from "../errors.ts";
import { readMetadata } from "../metadata.ts";
import { readRange } from "../range.ts";
import { percentDecode, requireHeaderValue } from "../request.ts";
import {
  extentsOf,
  findObject,
  removeObject,
  replaceObject,
  requireObject,
  spansOf,
} from "../store/objects.ts";
import { requireBucket, type Store } from "../store/store.ts";
import { renderXml } from "../xml.ts";
import type { Answer, Call } from "./call.ts";

/** PutObject; If-None-Match: * and If-Match are checked in the transaction that makes it visible. */
export async function putObject({ request, store, now, payload }: Call): Promise<Answer> {
  const { bucket, key, headers } = request;
  requireBucket(store, bucket);
  checkWriteConditions(headers, findObject(store, bucket, key));
  const metadata = readMetadata(headers);
  const body = payload();
  const blob = await store.blobs.write(body.bytes);
  const etag = `"${body.md5()}"`;
  await keepOrDiscard(blob, store, () =>
    store.change((drop) => {
      checkWriteConditions(headers, findObject(store, bucket, key));
      const pieces = [{ blob, size: body.size }];
      replaceObject(store, { bucket, key, etag, modified: now, headers: metadata, pieces }, drop);
    }),
  );
  return { status: 200, headers: { ETag: etag } };
}

/** Runs the transaction that makes a new blob visible; removes the blob where the transaction fails. */
export async function keepOrDiscard(
  blob: string,
  store: Store,
  makeVisible: () => Promise<void>,
): Promise<void> {
  try {
    await makeVisible();
  } catch (error) {
    await store.discard([blob]);
    throw error;
  }
}

/** GetObject and HeadObject: conditions, one range, `response-*` overrides. */
export function getObject({ request, store }: Call): Answer {
  const { headers: asked, query } = request;
  const object = requireObject(store, request.bucket, request.key);
  checkReadConditions(asked, object);
  const ifRange = asked.get("if-range");
  const range =
    ifRange !== undefined && !names(ifRange, object.etag) ? null : readRange(asked.get("range"), object.size);
  const { from, to } = range ?? { from: 0, to: object.size - 1 };
  const headers: Record<string, string> = {
    "content-type": "binary/octet-stream",
    ...object.headers,
    ...readOverrides(query),
    ETag: object.etag,
    "Last-Modified": new Date(object.modified).toUTCString(),
    "Accept-Ranges": "bytes",
    "Content-Length": String(to - from + 1),
    ...(range && { "Content-Range": `bytes ${from}-${to}/${object.size}` }),
  };
  const status = range ? 206 : 200;
  if (request.method === "HEAD") return { status, headers };
  const spans = spansOf(extentsOf(store, object.id), from, to);
  return { status, headers, stream: { spans, release: store.blobs.hold(spans) } };
}

function readOverrides(query: ReadonlyMap<string, string>): Record<string, string> {
  const overrides: Record<string, string> = {};
  for (const [name, value] of query) {
    if (!name.startsWith("response-")) continue;
    requireHeaderValue(name, value);
    overrides[name.slice("response-".length)] = value;
  }
  return overrides;
}

/** CopyObject shares the source's blobs: no byte is copied. */
export async function copyObject({ request, store, now }: Call): Promise<Answer> {
  const { bucket, key, headers } = request;
  const [, fromBucket, fromKey] =
    /^\/?([^/]+)\/(.+)$/s.exec(percentDecode(headers.get("x-amz-copy-source") ?? "")) ?? [];
  if (!fromBucket || !fromKey) throw new S3Error("InvalidArgument", "x-amz-copy-source must be bucket/key.");
  requireBucket(store, bucket);
  const replaces = headers.get("x-amz-metadata-directive") === "REPLACE";
  if (fromBucket === bucket && fromKey === key && !replaces) {
    throw new S3Error("InvalidRequest", "A copy onto itself must replace the metadata.");
  }
  const metadata = readMetadata(headers);
  const etag = await store.change((drop) => {
    const source = requireObject(store, fromBucket, fromKey);
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

function checkCopyConditions(
  headers: ReadonlyMap<string, string>,
  source: ReturnType<typeof requireObject>,
): void {
  try {
    checkReadConditions(copyConditions(headers), source);
  } catch (error) {
    // A copy has no 304.
    if (error instanceof S3Error && error.code === "NotModified") throw new S3Error("PreconditionFailed");
    throw error;
  }
}

/** DeleteObject: 204, also for a key that does not exist. */
export async function deleteObject({ request, store }: Call): Promise<Answer> {
  requireBucket(store, request.bucket);
  await store.change((drop) => removeObject(store, request.bucket, request.key, drop));
  return { status: 204 };
}
