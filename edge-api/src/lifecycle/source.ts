/** What becomes of a source that was uploaded in parts: it is one object, or it is given up. */
import type { MediaFailureCode } from "@storagex/contract/media/failure";
import { reasonOf } from "@storagex/contract/media/failure";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { recorded } from "../events/record.ts";
import { handOverSoon } from "../outbox/outbox.ts";
import { PART_URL_SECONDS } from "./limits.ts";
import { hasSource } from "./needed.ts";

const idRow = z.object({ id: z.string() });

/** The condition on `videos` that its source is complete, but not one object yet. */
export const isInParts: SQL = sql`(videos.status IN ('queued', 'processing', 'completed', 'failed')
    AND videos.source_etag IS NULL AND ${hasSource})`;

/**
 * The source is one object now: stores its ETag, and releases the plan task that a release before this one let
 * wait for it. Returns false if another call was first, or the source is not needed any more.
 */
export async function sourceAssembled(edge: Edge, id: string, etag: string): Promise<boolean> {
  const statement = sql`
    WITH moved AS (
      UPDATE videos SET source_etag = ${etag}, upload_id = NULL
      WHERE id = ${id} AND ${isInParts} RETURNING id, generation
    ), released AS (
      UPDATE tasks SET state = 'queued' FROM moved
      WHERE tasks.video_id = moved.id AND tasks.generation = moved.generation AND tasks.kind = 'plan'
        AND tasks.state = 'waiting'
      RETURNING tasks.id
    ), due AS (
      INSERT INTO outbox (task_id) SELECT id FROM released
    )
    SELECT id FROM moved`;
  const [moved] = await query(edge.db, statement, idRow);
  if (!moved) return false;
  handOverSoon(edge);
  return true;
}

/** CTEs that give up the part uploads of the videos in `gone`: the sweep removes the parts. */
export const dropsParts = (gone: SQL): SQL => sql`dropped AS (
      UPDATE part_uploads SET dropped_at = now(), urls_until = coalesce(urls_until, now() + ${PART_URL_SECONDS}::int * interval '1 second')
      FROM ${gone} AS gone WHERE part_uploads.video_id = gone.id
    )`;

/**
 * A part of a complete source is not what was pinned, so that it can never be one object. The video fails unless
 * it is completed, which it stays; a retry has no source.
 */
export async function giveUpSource({ db }: Edge, id: string): Promise<void> {
  const code: MediaFailureCode = "source.changed";
  await db.execute(sql`
    WITH gone AS (
      SELECT id, status FROM videos WHERE id = ${id} AND ${isInParts} FOR NO KEY UPDATE
    ), closed AS (
      UPDATE videos SET status = 'failed', failed_at = now(), error_code = ${code}, error_message = ${reasonOf(code)}, updated_at = now()
      FROM gone WHERE videos.id = gone.id AND gone.status IN ('queued', 'processing')
      RETURNING videos.id, videos.owner_id, videos.generation, videos.seq
    ), ${recorded("video.failed", "closed")}, ended AS (
      UPDATE tasks SET state = 'cancelled', finished_at = now(), lease_until = NULL FROM closed
      WHERE tasks.video_id = closed.id AND tasks.generation = closed.generation
        AND tasks.state IN ('waiting', 'queued', 'running')
    ), ${dropsParts(sql`gone`)}
    SELECT id FROM gone`);
}
