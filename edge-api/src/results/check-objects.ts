/** Compares what a worker reports with the object store: name, key, size, ETag. */

import { attemptPrefix, outputName } from "@storagex/contract/keys";
import { audioRendition } from "@storagex/contract/media/audio-tracks";
import type { MediaObject, PlainObject } from "@storagex/contract/tasks/report";
import type { Config } from "../config.ts";
import type { StoredObject } from "../db/stored-object.ts";
import { problem } from "../problem/problem.ts";
import { bare, storageOf } from "../storage/s3.ts";
import type { Grantee } from "../tasks/grants/grantee.ts";

/** `attempt` is the attempt that wrote it. */
export type CheckedMedia = MediaObject & { key: string; attempt: number };

const refuse = (path: string, message: string) => problem("request.invalid", { errors: [{ path, message }] });
const missing = (path: string, message: string) =>
  problem("report.object_missing", { errors: [{ path, message }] });

/** Reads the stored object `key`. Throws `report.object_missing` if it differs from the report. */
async function assertStored(
  config: Config,
  key: string,
  said: { name: string; size: number; etag: string | null },
) {
  const head = await storageOf(config).head(key);
  if (head?.size !== said.size) throw missing(said.name, "is not at the store with that size");
  if (said.etag !== null && bare(said.etag) !== head.etag)
    throw missing(said.name, "has changed at the store");
  return head;
}

/**
 * Checks a CMAF object of this attempt. Throws `request.invalid` or `report.object_missing` if it is not
 * stored as reported.
 */
export async function checkMedia(
  config: Config,
  grantee: Grantee,
  object: MediaObject,
): Promise<CheckedMedia> {
  const { name, rendition, index, size, initLength, segments } = object;
  const expected =
    grantee.kind === "audio"
      ? { rendition: audioRendition(grantee.index), name: outputName.audioPiece(grantee.index, index) }
      : { rendition, name: outputName.chunk(rendition, grantee.index) };
  if (name !== expected.name || rendition !== expected.rendition)
    throw refuse(name, "is not this task's output");
  if (grantee.kind === "encode" && index !== grantee.index) throw refuse(name, "is of another chunk");
  let end = initLength;
  for (const segment of segments) {
    if (segment.offset < end) throw refuse(name, "holds segments that overlap");
    end = segment.offset + segment.length;
  }
  if (end > size) throw refuse(name, "holds segments beyond its end");
  const key = attemptPrefix(grantee) + name;
  const { etag } = await assertStored(config, key, object);
  return { ...object, key, etag, attempt: grantee.attempt };
}

/** Checks an object without segments; completes its multipart upload first. Throws as `checkMedia`. */
export async function checkPlain(
  config: Config,
  grantee: Grantee,
  object: PlainObject,
): Promise<StoredObject> {
  const { name, size, uploadId } = object;
  if (!/^[a-z0-9-]{1,40}\.[a-z0-9]{2,4}$/.test(name)) throw refuse("name", "is not this task's output");
  const key = attemptPrefix(grantee) + name;
  const storage = storageOf(config);
  if (uploadId !== null) {
    // Without such an upload, an earlier report of the same attempt completed it, and the object proves it.
    const parts = await storage.listParts(key, uploadId);
    if (parts && parts.length > 0) await storage.completeUpload(key, uploadId, parts);
  }
  const { etag } = await assertStored(config, key, object);
  return { key, size, etag };
}
