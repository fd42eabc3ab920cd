/** Completion: the server asks the store what is there, completes the parts itself, and queues the video once. Step 3. */
import { type Parting, partCountOf, partLength } from "@storagex/contract/upload";
import type { Edge } from "../context.ts";
import { queueUploaded } from "../lifecycle/transitions.ts";
import { problem } from "../problem/problem.ts";
import { type Head, type StoredPart, storageOf } from "../storage/s3.ts";
import type { Upload } from "./open-upload.ts";

/**
 * Completes and queues. Does nothing where the video is further already: complete is idempotent, also when two race.
 * Throws `upload.parts_missing`, `upload.size_mismatch` (both name the parts), `upload.expired`, `storage.unavailable`.
 */
export async function completeUpload(edge: Edge, upload: Upload): Promise<void> {
  if (upload.status !== "pending_upload") return;
  if (upload.uploadId === null) throw problem("upload.expired");
  const head = await assemble(edge, { ...upload, uploadId: upload.uploadId });
  // Zero rows: another complete, an abort or a delete was first; the caller reads what became of it.
  if (head) await queueUploaded(edge, upload.id, head.etag);
}

/** The object at the store; null where the upload went away and nothing of the right size is there. */
async function assemble(edge: Edge, upload: Upload & { uploadId: string }): Promise<Head | null> {
  const storage = storageOf(edge.config);
  const { key, uploadId, size } = upload;
  const listed = await storage.listParts(key, uploadId);
  const parts = listed?.filter(({ partNumber }) => partNumber <= partCountOf(upload));
  if (parts) {
    checkParts(parts, upload);
    // A time limit may cut off an answer whose work was done: the object itself decides below.
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

/** Contiguous from 1, each as long as its ticket said: then the sum is the declared size. */
function checkParts(parts: readonly StoredPart[], parting: Parting): void {
  const lengths = new Map(parts.map((part) => [part.partNumber, part.size]));
  const missing: number[] = [];
  const wrong: number[] = [];
  for (let number = 1; number <= partCountOf(parting); number += 1) {
    const length = lengths.get(number);
    if (length === undefined) missing.push(number);
    else if (length !== partLength(parting, number)) wrong.push(number);
  }
  if (missing.length > 0) throw problem("upload.parts_missing", { missing: [...missing, ...wrong] });
  if (wrong.length > 0) throw problem("upload.size_mismatch", { missing: wrong });
}
