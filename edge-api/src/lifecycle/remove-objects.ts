/** Removes objects and unfinished uploads under one of our prefixes, in bounded, repeatable steps. */
import type { Edge } from "../context.ts";
import { storageOf } from "../storage/s3.ts";

const ROUNDS = 20;

/** Removes up to 20,000 objects and the unfinished uploads under `prefix`. Returns how many it found. */
export async function removeUnder({ config }: Edge, prefix: string): Promise<number> {
  const storage = storageOf(config);
  let removed = 0;
  for (const { key, uploadId } of await storage.listUploads(prefix)) {
    await storage.abortUpload(key, uploadId);
    removed += 1;
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    const { objects: found } = await storage.list(prefix);
    if (found.length === 0) break;
    await storage.remove(found.map(({ key }) => key));
    removed += found.length;
  }
  return removed;
}
