/** Finds out whether the object store can put objects together: UploadPartCopy, bound to the source's ETag. */
import type { Config } from "../config.ts";
import { storageOf } from "./s3.ts";

const known = new WeakMap<Config, boolean>();

/**
 * Whether it can, found by doing it once with a few bytes. The conditions are part of it: a store that
 * ignores them could put together other bytes than were found. The result is kept for this isolate; it is
 * false, and not kept, while the store does not answer.
 */
export async function canCopyParts(config: Config): Promise<boolean> {
  const before = known.get(config);
  if (before !== undefined) return before;
  const found = await tryCopy(config).catch(() => null);
  if (found !== null) known.set(config, found);
  return found ?? false;
}

/** Whether the parts of a new source become objects of their own. */
export const storesPartsAsObjects = async (config: Config): Promise<boolean> =>
  config.STORAGEX_EARLY_START && (await canCopyParts(config));

async function tryCopy(config: Config): Promise<boolean> {
  const storage = storageOf(config);
  // Replicas may try at the same time.
  const from = `readyz/copy-${crypto.randomUUID()}`;
  const to = `${from}-to`;
  const etag = await storage.put(from, new TextEncoder().encode("copy"), "text/plain");
  const uploadId = await storage.createUpload(to);
  try {
    const copy = (number: number, pinned: string) =>
      storage.copyPart({ from, etag: pinned, to, uploadId, number });
    if ((await copy(1, "0".repeat(32))) !== "changed") return false;
    return (await copy(2, etag)) === "copied";
  } finally {
    await storage.abortUpload(to, uploadId);
    await storage.remove([from]);
  }
}
