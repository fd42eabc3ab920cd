/** Lists which parts of an open upload storage has, for a client that resumes it. */
import type { Edge } from "../context.ts";
import { problem } from "../problem/problem.ts";
import { type StoredPart, storageOf } from "../storage/s3.ts";
import type { OpenUpload } from "./open-upload.ts";
import { storedObjects } from "./part-objects/stored.ts";

/** All stored parts in order. Throws `upload.expired` if the object store does not know the upload. */
export async function listStored(edge: Edge, upload: OpenUpload): Promise<StoredPart[]> {
  if (upload.inObjects) return storedObjects(edge, upload);
  const parts = await storageOf(edge.config).listParts(upload.key, upload.uploadId);
  if (!parts) throw problem("upload.expired");
  return parts;
}
