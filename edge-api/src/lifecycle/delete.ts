/**
 * Deletes videos: a tombstone at once (public calls then answer 404), next the objects, at last the row.
 * Deletions that can be undone (`undo.ts`) come here when their time is over.
 */
import { processedPrefix, rawPrefix, sourceKey } from "@storagex/contract/keys";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type Audit, audited } from "../audit/record.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { cte } from "../db/cte.ts";
import { recorded } from "../events/record.ts";
import { log, reasonOf } from "../observe/log.ts";
import { givesBack, sourceBytes } from "../quota/counters.ts";
import { storageOf } from "../storage/s3.ts";
import { PART_URL_SECONDS, PURGE_SECONDS, PURGE_TICKET_SECONDS } from "./limits.ts";
import { removeUnder } from "./remove-objects.ts";

/** `uploadId` is set if the ticket was not completed. */
const goneRow = z.object({ id: z.string(), ownerId: z.string(), uploadId: z.string().nullable() });
export type Gone = z.infer<typeof goneRow>;

/** The event that tells everybody who sees the video why it ended. */
type End = "video.deleted" | "upload.expired";

/** Deletes the one video that `condition` matches. Returns false if there is none. */
export async function tombstone(edge: Edge, condition: SQL, type?: End): Promise<boolean> {
  return (await tombstoneAll(edge, condition, { type, audit: edge.audit })) > 0;
}

/** Videos per statement. It locks their rows, and concurrent statements skip locked rows. */
const BATCH = 100;
/** Batches per call; the sweep deletes the rest. */
const ROUNDS = 20;

/** Deletes all videos of an owner. The audit records only the account's deletion. Returns how many. */
export async function tombstoneOwned(edge: Edge, ownerId: string): Promise<number> {
  const some = sql`videos.id IN (SELECT id FROM videos WHERE owner_id = ${ownerId} AND status <> 'deleting'
    ORDER BY id LIMIT ${BATCH}::int FOR UPDATE SKIP LOCKED)`;
  let taken = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const found = await tombstoneAll(edge, some);
    if (found === 0) break;
    taken += found;
  }
  // Nobody can undo these deletions any more.
  await endUndo(edge, sql`videos.owner_id = ${ownerId}`, BATCH);
  return taken;
}

/**
 * Any state → `deleting`, for the videos that `condition` matches: quota is given back and tasks are
 * cancelled (their workers learn it from their next report). Objects are removed after the response. Returns
 * the number of videos.
 */
async function tombstoneAll(
  edge: Edge,
  condition: SQL,
  { type = "video.deleted", audit }: { type?: End | undefined; audit?: Audit | undefined } = {},
): Promise<number> {
  return markDeleted(
    edge,
    sql`status <> 'deleting' AND ${condition}`,
    sql`${recorded(type, "gone")}, ${audited(audit, "gone", "video")}`,
  );
}

/** Makes up to `max` deletions final whose time to undo them is over; for the sweep. Returns how many. */
export const endUndone = (edge: Edge, max: number): Promise<number> =>
  endUndo(edge, sql`videos.undo_until <= now()`, max);

/** They were recorded as deleted when they were deleted. */
const endUndo = (edge: Edge, condition: SQL, max: number): Promise<number> =>
  markDeleted(
    edge,
    sql`undo_until IS NOT NULL AND videos.id IN (SELECT id FROM videos WHERE undo_until IS NOT NULL AND ${condition}
      ORDER BY undo_until LIMIT ${max}::int FOR UPDATE SKIP LOCKED)`,
    sql`recorded AS (SELECT 1)`,
  );

/** `records`: CTEs that read the videos in `gone`. */
async function markDeleted(edge: Edge, condition: SQL, records: SQL): Promise<number> {
  const statement = sql`
    WITH gone AS (
      UPDATE videos SET status = 'deleting', deleted_at = now(), undo_until = NULL, deleted_from = NULL, updated_at = now(),
        purge_after = now()
        + (CASE WHEN ticket_expires_at IS NULL OR generation > 0 THEN ${PURGE_SECONDS}::int
          WHEN EXISTS (SELECT 1 FROM part_uploads WHERE part_uploads.video_id = videos.id)
            THEN ${PART_URL_SECONDS}::int
          ELSE ${PURGE_TICKET_SECONDS}::int END) * interval '1 second'
      WHERE ${condition}
      RETURNING id, owner_id, upload_id, size, stored_bytes, ${sourceBytes} AS source_bytes, seq, ticket_expires_at IS NOT NULL AS was_ticket
    ), ${records},
    ${givesBack(cte("gone", "owner_id", "stored_bytes", "source_bytes", "size", "was_ticket"))}, work AS (
      UPDATE tasks SET state = 'cancelled', finished_at = now() FROM gone
      WHERE tasks.video_id = gone.id AND tasks.state IN ('waiting', 'queued', 'running')
    ), addresses AS (
      DELETE FROM imports USING gone WHERE imports.video_id = gone.id
    ), uses AS (
      DELETE FROM link_uploads USING gone WHERE link_uploads.video_id = gone.id AND gone.was_ticket
    )
    SELECT id, owner_id AS "ownerId", upload_id AS "uploadId" FROM gone`;
  const gone = await query(edge.db, statement, goneRow);
  edge.waitUntil(removeEach(edge, gone));
  return gone.length;
}

/** Sequentially: if time runs out, the sweep continues. */
async function removeEach(edge: Edge, gone: readonly Gone[]): Promise<void> {
  for (const each of gone) await removeObjects(edge, each);
}

/** Removes everything of a video from the object store. Returns how many objects and uploads it found. */
async function removeObjects(edge: Edge, { id, ownerId, uploadId }: Gone): Promise<number> {
  // By its own id: not every object store lists uploads by prefix.
  if (uploadId) await storageOf(edge.config).abortUpload(sourceKey(ownerId, id), uploadId);
  const raw = await removeUnder(edge, rawPrefix(ownerId, id));
  return raw + (await removeUnder(edge, processedPrefix(ownerId, id)));
}

/**
 * Purges up to `max` tombstones again. A row is deleted when its purge time is over and its prefixes were
 * found empty twice, at least a minute apart. A failure of the object store for one video does not hold up
 * the others. Returns how many it tried.
 */
export async function purgeDeleted(edge: Edge, max: number): Promise<number> {
  const picked = await query(
    edge.db,
    sql`UPDATE videos SET updated_at = now() WHERE id IN (
        SELECT id FROM videos WHERE status = 'deleting' AND undo_until IS NULL AND updated_at < now()
          - (CASE WHEN deleted_at > now() - interval '10 minutes' THEN interval '1 minute' ELSE interval '1 hour' END)
        ORDER BY updated_at LIMIT ${max}::int FOR UPDATE SKIP LOCKED
      ) RETURNING id, owner_id AS "ownerId", upload_id AS "uploadId"`,
    goneRow,
  );
  for (const gone of picked) {
    try {
      const removed = await removeObjects(edge, gone);
      await edge.db.execute(
        sql`UPDATE videos SET seen_empty = ${removed === 0 ? sql`seen_empty + 1` : sql`0`} WHERE id = ${gone.id}`,
      );
    } catch (error) {
      log("error", "a deleted video's objects are not removed yet", {
        videoId: gone.id,
        reason: reasonOf(error),
      });
    }
  }
  // With their tasks and objects, therefore few at a time.
  await edge.db.execute(sql`DELETE FROM videos WHERE id IN (SELECT id FROM videos
    WHERE status = 'deleting' AND purge_after < now() AND seen_empty >= 2 ORDER BY updated_at LIMIT ${max}::int)`);
  return picked.length;
}
