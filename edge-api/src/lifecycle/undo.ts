/**
 * Deletions that can be undone for a while. The video is gone for everybody at once, like any deleted one, but
 * its objects, its tasks and its place in the quota stay until the time is over.
 */
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { audited } from "../audit/record.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { type Reader, restorableBy, visibleTo } from "../db/scope.ts";
import { recorded } from "../events/record.ts";
import { handOverSoon } from "../outbox/outbox.ts";
import { problem } from "../problem/problem.ts";
import { unlessTaken } from "../videos/fields.ts";

const idRow = z.object({ id: z.string() });

/** Deletes the videos that `condition` matches, final after `seconds` (0: with the next sweep). Returns their ids. */
export async function deleteForNow(edge: Edge, condition: SQL, seconds: number): Promise<string[]> {
  const statement = sql`
    WITH gone AS (
      UPDATE videos SET status = 'deleting', deleted_from = status, deleted_at = now(), updated_at = now(),
        undo_until = now() + ${seconds}::int * interval '1 second'
      WHERE status <> 'deleting' AND ${condition}
      RETURNING id, owner_id, seq
    ), ${recorded("video.deleted", "gone")}, ${audited(edge.audit, "gone", "video")}
    SELECT id FROM gone`;
  return (await query(edge.db, statement, idRow)).map(({ id }) => id);
}

/**
 * Brings a video back for a caller who may see it. Its released tasks are handed over again: workers drop the
 * work of a deleted video. Does nothing to a video that is there. Throws `video.not_found` if the time is over,
 * and `video.external_id_taken` if another video has its external id by now.
 */
export async function restoreVideo(edge: Edge, reader: Reader, id: string): Promise<void> {
  const statement = sql`
    WITH back AS (
      UPDATE videos SET status = deleted_from, deleted_from = NULL, undo_until = NULL, deleted_at = NULL, updated_at = now()
      WHERE id = ${id} AND ${restorableBy(reader)}
      RETURNING id, owner_id, seq, generation
    ), ${recorded("video.restored", "back")}, ${audited(edge.audit, "back", "video")}, again AS (
      UPDATE tasks SET state = 'queued', progress = 0, speed = NULL, worker = NULL, lease_until = NULL, published_at = now()
      FROM back WHERE tasks.video_id = back.id AND tasks.generation = back.generation AND tasks.state IN ('queued', 'running')
      RETURNING tasks.id
    ), due AS (
      INSERT INTO outbox (task_id) SELECT id FROM again
    )
    SELECT id FROM back`;
  const [back] = await unlessTaken(query(edge.db, statement, idRow));
  if (back) return handOverSoon(edge);
  const seen = sql`SELECT id FROM videos WHERE id = ${id} AND ${visibleTo(reader)}`;
  if ((await query(edge.db, seen, idRow)).length === 0) throw problem("video.not_found");
}
