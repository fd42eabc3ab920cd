/** Operations on one object: put, get, head, delete. */
import { checkReadConditions, checkWriteConditions, names } from "../headers/conditions.ts";
import { readMetadata } from "../headers/metadata.ts";
import { readRange } from "../headers/range.ts";
import { requireHeaderValue } from "../request.ts";
import {
  extentsOf,
  findObject,
  removeObject,
  replaceObject,
  requireObject,
  spansOf,
} from "../store/objects.ts";
import { requireBucket, type Store } from "../store/store.ts";
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
      const pieces = [{ blob, start: 0, size: body.size }];
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

/** DeleteObject: 204, also for a key that does not exist. */
export async function deleteObject({ request, store }: Call): Promise<Answer> {
  requireBucket(store, request.bucket);
  await store.change((drop) => removeObject(store, request.bucket, request.key, drop));
  return { status: 204 };
}
