/**
 * Puts the parts of a complete upload together to one object, without transferring a byte. It may stop
 * anywhere and be repeated: the multipart upload it copies into knows which parts it has.
 */
import { partKey, sourceKey } from "@storagex/contract/keys";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../../context.ts";
import { query } from "../../db/connect.ts";
import { giveUpSource, isInParts, sourceAssembled } from "../../lifecycle/source.ts";
import { log, reasonOf } from "../../observe/log.ts";
import { problem } from "../../problem/problem.ts";
import { type Head, storageOf } from "../../storage/s3.ts";

/** Copies at a time. */
const LANES = 8;
/** After this long a run stops; the sweep continues. Its claim lasts a little longer. */
const RUN_MS = 40_000;
const CLAIM_SECONDS = 60;

const claimedRow = z.object({
  id: z.string(),
  ownerId: z.string(),
  size: z.coerce.number(),
  uploadId: z.string().nullable(),
});
type Claimed = z.infer<typeof claimedRow>;
const partRow = z.object({ number: z.number(), size: z.coerce.number(), etag: z.string() });
type Part = z.infer<typeof partRow>;

/** Puts together up to `max` sources whose run was cut off; for the sweep. Returns how many it tried. */
export async function assembleSources(edge: Edge, max: number): Promise<number> {
  const statement = sql`SELECT videos.id FROM part_uploads JOIN videos ON videos.id = part_uploads.video_id
    WHERE ${isInParts} AND part_uploads.claimed_until < now() ORDER BY videos.queued_at LIMIT ${max}::int`;
  const waiting = await query(edge.db, statement, z.object({ id: z.string() }));
  for (const { id } of waiting) await assembleSource(edge, id);
  return waiting.length;
}

/**
 * Puts the parts of one video together, whatever its tasks read meanwhile. Does nothing while another replica does it. A
 * part that changed after it was pinned fails the video (`source.changed`). Never throws.
 */
export async function assembleSource(edge: Edge, id: string): Promise<void> {
  try {
    const claimed = await claim(edge, id);
    if (!claimed) return;
    try {
      await assemble(edge, claimed);
    } finally {
      await edge.db.execute(sql`UPDATE part_uploads SET claimed_until = '-infinity' WHERE video_id = ${id}`);
    }
  } catch (error) {
    log("warn", "a source is not put together yet", { videoId: id, reason: reasonOf(error) });
  }
}

async function claim({ db }: Edge, id: string): Promise<Claimed | undefined> {
  const statement = sql`
    UPDATE part_uploads SET claimed_until = now() + ${CLAIM_SECONDS}::int * interval '1 second' FROM videos
    WHERE part_uploads.video_id = ${id} AND part_uploads.claimed_until < now() AND videos.id = ${id} AND ${isInParts}
    RETURNING videos.id, videos.owner_id AS "ownerId", videos.size, videos.upload_id AS "uploadId"`;
  const [claimed] = await query(db, statement, claimedRow);
  return claimed;
}

async function assemble(edge: Edge, claimed: Claimed): Promise<void> {
  const storage = storageOf(edge.config);
  const key = sourceKey(claimed.ownerId, claimed.id);
  const statement = sql`SELECT number, size, etag FROM upload_parts WHERE video_id = ${claimed.id} ORDER BY number`;
  const parts = await query(edge.db, statement, partRow);
  const uploadId = claimed.uploadId ?? (await openAssembly(edge, claimed.id, key));
  if (uploadId === null) return;
  const done = await storage.listParts(key, uploadId);
  // The store does not know the upload: it was completed, and only the answer was lost.
  if (done === null) return finish(edge, claimed, await storage.head(key));
  const copied = new Set(done.map(({ partNumber }) => partNumber));
  const rest = parts.filter(({ number }) => !copied.has(number));
  const outcome = await copyAll(edge, { ...claimed, uploadId }, rest);
  if (outcome === "changed") return giveUpSource(edge, claimed.id);
  if (outcome === "stopped") return;
  const all = await storage.listParts(key, uploadId);
  if (all && all.length === parts.length) await storage.completeUpload(key, uploadId, all);
  await finish(edge, claimed, await storage.head(key));
}

/** Begins the multipart upload and stores its id; null if the video has moved on or another id is stored. */
async function openAssembly({ config, db }: Edge, id: string, key: string): Promise<string | null> {
  const uploadId = await storageOf(config).createUpload(key);
  const statement = sql`UPDATE videos SET upload_id = ${uploadId}
    WHERE id = ${id} AND upload_id IS NULL AND ${isInParts} RETURNING id`;
  const [stored] = await query(db, statement, z.object({ id: z.string() }));
  if (stored) return uploadId;
  await storageOf(config).abortUpload(key, uploadId);
  return null;
}

/** Copies parts until all are copied, one has changed, or the run has taken too long. */
async function copyAll(
  { config }: Edge,
  { id, ownerId, uploadId }: Claimed & { uploadId: string },
  parts: readonly Part[],
): Promise<"copied" | "changed" | "stopped"> {
  const storage = storageOf(config);
  const end = Date.now() + RUN_MS;
  const waiting = [...parts];
  let outcome: "copied" | "changed" | "stopped" = "copied";
  const lane = async (): Promise<void> => {
    for (let part = waiting.shift(); part && outcome === "copied"; part = waiting.shift()) {
      const { number, etag } = part;
      const from = partKey(ownerId, id, number);
      const copied = await storage.copyPart({ from, etag, to: sourceKey(ownerId, id), uploadId, number });
      if (copied === "changed") outcome = "changed";
      if (copied === "refused") throw problem("storage.unavailable", { cause: "parts cannot be copied" });
      if (copied === "gone" || Date.now() > end) outcome = outcome === "changed" ? outcome : "stopped";
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return outcome;
}

/** Records the object, if it is the whole source; else the next run begins with a new multipart upload. */
async function finish(edge: Edge, { id, size }: Claimed, head: Head | null): Promise<void> {
  if (head?.size === size) {
    await sourceAssembled(edge, id, head.etag);
    return;
  }
  await edge.db.execute(sql`UPDATE videos SET upload_id = NULL WHERE id = ${id} AND ${isInParts}`);
}
