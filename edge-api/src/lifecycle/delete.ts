/** Deletion: a tombstone at once (every public call answers 404 from then on), the objects right after, the row last. */
import { processedPrefix, rawPrefix } from "@storagex/contract/keys";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { query } from "../db/connect.ts";
import type { Edge } from "../edge.ts";
import { announceGone } from "./announce.ts";
import { PURGE_SECONDS, PURGE_TICKET_SECONDS } from "./limits.ts";
import { removeUnder } from "./remove-objects.ts";

const goneRow = z.object({ id: z.string(), ownerId: z.string() });
export type Gone = z.infer<typeof goneRow>;

/**
 * Any state → `deleting`, for the one video that `condition` finds: room is given back, tasks are cancelled (their
 * workers learn it from the next report). False where it finds none. Objects go after the answer.
 */
export async function tombstone(edge: Edge, condition: SQL): Promise<boolean> {
  const statement = sql`
    WITH gone AS (
      UPDATE videos SET status = 'deleting', deleted_at = now(), updated_at = now(), purge_after = now()
        + (CASE WHEN ticket_expires_at IS NULL THEN ${PURGE_SECONDS}::int ELSE ${PURGE_TICKET_SECONDS}::int END)
        * interval '1 second'
      WHERE status <> 'deleting' AND ${condition}
      RETURNING id, owner_id, size, stored_bytes, ticket_expires_at IS NOT NULL AS was_ticket
    ), room AS (
      UPDATE users SET used_bytes = used_bytes - gone.stored_bytes,
        reserved_bytes = reserved_bytes - (CASE WHEN gone.was_ticket THEN gone.size ELSE 0 END),
        open_tickets = open_tickets - (CASE WHEN gone.was_ticket THEN 1 ELSE 0 END)
      FROM gone WHERE users.id = gone.owner_id
    ), work AS (
      UPDATE tasks SET state = 'cancelled', finished_at = now() FROM gone
      WHERE tasks.video_id = gone.id AND tasks.state IN ('waiting', 'queued', 'running')
    )
    SELECT id, owner_id AS "ownerId" FROM gone`;
  const [gone] = await query(edge.db, statement, goneRow);
  if (!gone) return false;
  announceGone(edge, gone.ownerId, gone.id);
  edge.waitUntil(removeObjects(edge, gone));
  return true;
}

/** Removes everything of a video at the store. Returns how many things were there. */
export async function removeObjects(edge: Edge, { id, ownerId }: Gone): Promise<number> {
  const raw = await removeUnder(edge, rawPrefix(ownerId, id));
  return raw + (await removeUnder(edge, processedPrefix(ownerId, id)));
}

/**
 * Purges up to `most` tombstones once more; a row goes after its time, when its prefixes were seen empty twice, a
 * minute apart at least. Returns how many it looked at.
 */
export async function purgeDeleted(edge: Edge, most: number): Promise<number> {
  const picked = await query(
    edge.db,
    sql`UPDATE videos SET updated_at = now() WHERE id IN (
        SELECT id FROM videos WHERE status = 'deleting' AND updated_at < now()
          - (CASE WHEN deleted_at > now() - interval '10 minutes' THEN interval '1 minute' ELSE interval '1 hour' END)
        ORDER BY updated_at LIMIT ${most}::int FOR UPDATE SKIP LOCKED
      ) RETURNING id, owner_id AS "ownerId"`,
    goneRow,
  );
  for (const gone of picked) {
    const removed = await removeObjects(edge, gone);
    await edge.db.execute(
      sql`UPDATE videos SET seen_empty = ${removed === 0 ? sql`seen_empty + 1` : sql`0`} WHERE id = ${gone.id}`,
    );
  }
  await edge.db.execute(sql`DELETE FROM videos
    WHERE status = 'deleting' AND purge_after < now() AND seen_empty >= 2`);
  return picked.length;
}
