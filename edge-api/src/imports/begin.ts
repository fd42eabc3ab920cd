/** Begins to fetch from the first byte on: discards what is stored, and reserves what the address announces. */

import { partsPrefix, sourceKey } from "@storagex/contract/keys";
import type { beginImportSchema, begunImportSchema } from "@storagex/contract/uploads/imports";
import { partObjectSizeFor, partSizeFor } from "@storagex/contract/uploads/upload-parts";
import { sql } from "drizzle-orm";
import type { z } from "zod";
import type { Edge } from "../context.ts";
import { json } from "../db/text.ts";
import { discardParts } from "../lifecycle/discard-parts.ts";
import { removeUnder } from "../lifecycle/remove-objects.ts";
import { storageOf } from "../storage/s3.ts";
import { readSource, type Upload } from "../uploads/open-upload.ts";
import { failImport } from "./fail.ts";
import { isLeased, renew, reserve } from "./lease.ts";

/** Removing old parts may take a while. */
const BEGIN_SECONDS = 120;

type Begin = z.infer<typeof beginImportSchema>;

/** Throws `storage.unavailable`. */
export async function beginImport(
  edge: Edge,
  id: string,
  { lease, size, validator }: Begin,
): Promise<z.infer<typeof begunImportSchema>> {
  const leased = { id, lease };
  const gone = { outcome: "gone" as const };
  if (!(await renew(edge, leased, undefined, BEGIN_SECONDS))) return gone;
  const upload = await readSource(edge, sql`true`, id);
  if (size === 0) {
    await failImport(edge, isLeased(leased), "source.empty");
    return gone;
  }
  const { config } = edge;
  const bytes = size ?? config.STORAGEX_MAX_UPLOAD_BYTES;
  const partSize = upload.inObjects ? partObjectSizeFor(bytes) : partSizeFor(bytes);
  // Before anything is deleted: a file that is too large changes nothing.
  const isReserved = await reserve(edge, leased, size ?? 0, {
    sets: sql`, size = ${size}::bigint, received = 0, validator = NULL`,
    parts: sql`, part_size = ${partSize}::bigint`,
  });
  if (!isReserved) return gone;
  await discardParts(edge, id, isLeased(leased));
  await removeStored(edge, upload);
  await edge.db.execute(
    sql`UPDATE imports SET validator = ${validator ? json(validator) : sql`NULL`} WHERE video_id = ${id} AND lease = ${lease}`,
  );
  return { outcome: "held", partSize };
}

/** Parts of another file must never be taken for parts of this one. */
async function removeStored(edge: Edge, { inObjects, ownerId, id, uploadId }: Upload): Promise<void> {
  if (inObjects) {
    await removeUnder(edge, partsPrefix(ownerId, id));
    return;
  }
  const storage = storageOf(edge.config);
  const key = sourceKey(ownerId, id);
  if (uploadId !== null) await storage.abortUpload(key, uploadId);
  const next = await storage.createUpload(key);
  await edge.db.execute(
    sql`UPDATE videos SET upload_id = ${next} WHERE id = ${id} AND status = 'pending_upload'`,
  );
}
