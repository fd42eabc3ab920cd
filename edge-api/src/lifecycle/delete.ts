/** Deletion: a tombstone at once (every public call answers 404 from then on), the objects right after, the row last. */
import { processedPrefix, rawPrefix, sourceKey } from "@storagex/contract/keys";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type Audit, audited } from "../audit/record.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { cte } from "../db/cte.ts";
import { recorded } from "../events/record.ts";
import { log, reasonOf } from "../observe/log.ts";
import { givesBack } from "../quota/counters.ts";
import { storageOf } from "../storage/s3.ts";
import { PURGE_SECONDS, PURGE_TICKET_SECONDS } from "./limits.ts";
import { removeUnder } from "./remove-objects.ts";

/** `uploadId`: of a ticket that was not completed. */
const goneRow = z.object({ id: z.string(), ownerId: z.string(), uploadId: z.string().nullable() });
export type Gone = z.infer<typeof goneRow>;

/** How a video ends for everybody who sees it. */
type End = "video.deleted" | "upload.expired";

/** For the one video that `condition` finds; false where it finds none. */
export async function tombstone(edge: Edge, condition: SQL, type?: End): Promise<boolean> {
  return (await tombstoneAll(edge, condition, { type, audit: edge.audit })) > 0;
}

/** One statement takes so many; it holds their rows, so others of its kind pass them by. */
const BATCH = 100;
/** Videos that one call takes; what is left is the sweep's. */
const ROUNDS = 20;

/** All videos of an owner; what is written down is the end of the account. Returns how many it took. */
export async function tombstoneOwned(edge: Edge, ownerId: string): Promise<number> {
  const some = sql`videos.id IN (SELECT id FROM videos WHERE owner_id = ${ownerId} AND status <> 'deleting'
    ORDER BY id LIMIT ${BATCH}::int FOR UPDATE SKIP LOCKED)`;
  let taken = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const found = await tombstoneAll(edge, some);
    if (found === 0) break;
    taken += found;
  }
  return taken;
}

/**
 * Any state → `deleting`, for the videos that `condition` finds: room is given back, tasks are cancelled (their workers
 * learn it from the next report). Objects go after the answer. Returns how many it found.
 */
async function tombstoneAll(
  edge: Edge,
  condition: SQL,
  { type = "video.deleted", audit }: { type?: End | undefined; audit?: Audit | undefined } = {},
): Promise<number> {
  const statement = sql`
    WITH gone AS (
      UPDATE videos SET status = 'deleting', deleted_at = now(), updated_at = now(), purge_after = now()
        + (CASE WHEN ticket_expires_at IS NULL THEN ${PURGE_SECONDS}::int ELSE ${PURGE_TICKET_SECONDS}::int END)
        * interval '1 second'
      WHERE status <> 'deleting' AND ${condition}
      RETURNING id, owner_id, upload_id, size, stored_bytes, seq, ticket_expires_at IS NOT NULL AS was_ticket
    ), ${recorded(type, "gone")}, ${audited(audit, "gone", "video")},
    ${givesBack(cte("gone", "owner_id", "stored_bytes", "size", "was_ticket"))}, work AS (
      UPDATE tasks SET state = 'cancelled', finished_at = now() FROM gone
      WHERE tasks.video_id = gone.id AND tasks.state IN ('waiting', 'queued', 'running')
    )
    SELECT id, owner_id AS "ownerId", upload_id AS "uploadId" FROM gone`;
  const gone = await query(edge.db, statement, goneRow);
  edge.waitUntil(removeEach(edge, gone));
  return gone.length;
}

/** One after the other: where time runs out, the sweep goes on. */
async function removeEach(edge: Edge, gone: readonly Gone[]): Promise<void> {
  for (const each of gone) await removeObjects(edge, each);
}

/** Removes everything of a video at the store. Returns how many things it found there. */
async function removeObjects(edge: Edge, { id, ownerId, uploadId }: Gone): Promise<number> {
  // By its own id: not every store lists uploads by a prefix.
  if (uploadId) await storageOf(edge.config).abortUpload(sourceKey(ownerId, id), uploadId);
  const raw = await removeUnder(edge, rawPrefix(ownerId, id));
  return raw + (await removeUnder(edge, processedPrefix(ownerId, id)));
}

/**
 * Purges up to `most` tombstones once more; a row goes after its time, when its prefixes were seen empty twice, a
 * minute apart at least. One that the store does not let go holds up no other. Returns how many it looked at.
 */
export async function purgeDeleted(edge: Edge, most: number): Promise<number> {
  const picked = await query(
    edge.db,
    sql`UPDATE videos SET updated_at = now() WHERE id IN (
        SELECT id FROM videos WHERE status = 'deleting' AND updated_at < now()
          - (CASE WHEN deleted_at > now() - interval '10 minutes' THEN interval '1 minute' ELSE interval '1 hour' END)
        ORDER BY updated_at LIMIT ${most}::int FOR UPDATE SKIP LOCKED
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
  // With their tasks and objects: few at a time.
  await edge.db.execute(sql`DELETE FROM videos WHERE id IN (SELECT id FROM videos
    WHERE status = 'deleting' AND purge_after < now() AND seen_empty >= 2 ORDER BY updated_at LIMIT ${most}::int)`);
  return picked.length;
}
