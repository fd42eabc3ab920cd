/**
 * Completes an upload: lists the stored parts at the object store, completes it there, and queues the video
 * once. Step 3 in docs/architecture.md.
 */
import { type PartLayout, partCountOf, partLength } from "@storagex/contract/uploads/upload-parts";
import type { Edge } from "../context.ts";
import { queueUploaded } from "../lifecycle/transitions.ts";
import { problem } from "../problem/problem.ts";
import { type Head, type StoredPart, storageOf } from "../storage/s3.ts";
import type { Upload } from "./open-upload.ts";
import { assembleSource } from "./part-objects/assemble.ts";
import { storedObjects } from "./part-objects/stored.ts";

/**
 * Completes and queues. Does nothing if the video has left `pending_upload`: the call is idempotent, even if
 * two race. Throws `upload.parts_missing`, `upload.size_mismatch` (both name the parts), `upload.expired`,
 * `storage.unavailable`.
 */
export async function completeUpload(edge: Edge, upload: Upload): Promise<void> {
  if (upload.status !== "pending_upload") return;
  if (upload.inObjects) {
    const parts = await storedObjects(edge, upload);
    checkParts(parts, upload);
    // The parts are the source until they are put together.
    if (await queueUploaded(edge, upload.id, { parts })) edge.waitUntil(assembleSource(edge, upload.id));
    return;
  }
  if (upload.uploadId === null) throw problem("upload.expired");
  const head = await assemble(edge, { ...upload, uploadId: upload.uploadId });
  // No row changed: another complete, an abort or a delete was first. The caller reads the resulting state.
  if (head) await queueUploaded(edge, upload.id, { etag: head.etag });
}

/** The completed object; null if the upload is gone and no object of the right size is stored. */
async function assemble(edge: Edge, upload: Upload & { uploadId: string }): Promise<Head | null> {
  const storage = storageOf(edge.config);
  const { key, uploadId, size } = upload;
  const listed = await storage.listParts(key, uploadId);
  const parts = listed?.filter(({ partNumber }) => partNumber <= partCountOf(upload));
  if (parts) {
    checkParts(parts, upload);
    // A timeout may hide a successful completion: the object itself decides below.
    const failure = await storage.completeUpload(key, uploadId, parts).then(
      () => undefined,
      (error: unknown) => error,
    );
    const head = await storage.head(key);
    if (head?.size === size) return head;
    if (failure) throw failure;
  }
  const head = await storage.head(key);
  if (head?.size === size) return head;
  if (head) throw problem("upload.size_mismatch");
  if (!parts && upload.expired !== false) throw problem("upload.expired");
  return null;
}

/** Parts must be contiguous from 1 and as long as the ticket says: then their sum is the declared size. */
function checkParts(parts: readonly StoredPart[], layout: PartLayout): void {
  const lengths = new Map(parts.map((part) => [part.partNumber, part.size]));
  const missing: number[] = [];
  const wrong: number[] = [];
  for (let number = 1; number <= partCountOf(layout); number += 1) {
    const length = lengths.get(number);
    if (length === undefined) missing.push(number);
    else if (length !== partLength(layout, number)) wrong.push(number);
  }
  if (missing.length > 0) throw problem("upload.parts_missing", { missing: [...missing, ...wrong] });
  if (wrong.length > 0) throw problem("upload.size_mismatch", { missing: wrong });
}
