/** The moves that owners cause: queued when the upload is complete, queued again by a retry. Each is one guarded statement. */
import { processedPrefix } from "@storagex/contract/keys";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { query } from "../db/connect.ts";
import type { Edge } from "../edge.ts";
import { announce } from "./announce.ts";
import { handOverSoon } from "./outbox.ts";
import { removeUnder } from "./remove-objects.ts";

const movedRow = z.object({ id: z.string() });

/**
 * `pending_upload → queued`: the ETag, the first generation, its plan task, the outbox row and the quota's move from
 * reserved to used in one statement. False where the video is no longer pending: somebody else was first.
 */
export async function queueUploaded(edge: Edge, id: string, etag: string): Promise<boolean> {
  const statement = sql`
    WITH moved AS (
      UPDATE videos SET status = 'queued', generation = 1, source_etag = ${etag}, upload_id = NULL,
        ticket_expires_at = NULL, stored_bytes = size, queued_at = now(), updated_at = now()
      WHERE id = ${id} AND status = 'pending_upload'
      RETURNING id, owner_id, generation, size
    ), room AS (
      UPDATE users SET reserved_bytes = reserved_bytes - moved.size, used_bytes = used_bytes + moved.size,
        open_tickets = open_tickets - 1
      FROM moved WHERE users.id = moved.owner_id
    ), ${planTask}
    SELECT id FROM moved`;
  const [moved] = await query(edge.db, statement, movedRow);
  if (!moved) return false;
  announce(edge, id);
  return true;
}

const retriedRow = z.object({ ownerId: z.string(), generation: z.number() });

/**
 * `failed → queued`: the next generation, with nothing of the last one but the source and the owner's captions. `scope` says whose.
 * False where the video is not failed.
 */
export async function retryVideo(edge: Edge, scope: SQL, id: string): Promise<boolean> {
  const statement = sql`
    WITH before AS (
      SELECT id, size + coalesce((SELECT sum((track ->> 'size')::bigint) FROM jsonb_array_elements(captions) AS track), 0) AS kept,
        stored_bytes FROM videos WHERE id = ${id} AND status = 'failed' AND ${scope} FOR UPDATE
    ), moved AS (
      UPDATE videos SET status = 'queued', generation = generation + 1, plan = NULL, mezzanine = NULL,
        pending_tasks = 0, error_code = NULL, error_message = NULL, cpu_seconds = 0, wall_seconds = 0,
        stored_bytes = before.kept, queued_at = now(), updated_at = now()
      FROM before WHERE videos.id = before.id AND videos.status = 'failed'
      RETURNING videos.id, videos.owner_id, videos.generation, before.stored_bytes - before.kept AS made
    ), objects AS (
      DELETE FROM media_objects USING moved
      WHERE media_objects.video_id = moved.id AND media_objects.generation < moved.generation
    ), room AS (
      UPDATE users SET used_bytes = used_bytes - moved.made FROM moved WHERE users.id = moved.owner_id
    ), ${planTask}
    SELECT owner_id AS "ownerId", generation FROM moved`;
  const [moved] = await query(edge.db, statement, retriedRow);
  if (!moved) return false;
  handOverSoon(edge);
  announce(edge, id);
  const last = `${processedPrefix(moved.ownerId, id)}${moved.generation - 1}/`;
  edge.waitUntil(removeUnder(edge, last));
  return true;
}

/** CTEs that enqueue the plan task of the row in `moved`. */
const planTask = sql.raw(`task AS (
      INSERT INTO tasks (video_id, generation, kind, index, state)
      SELECT id, generation, 'plan', 0, 'queued' FROM moved
      ON CONFLICT DO NOTHING RETURNING id
    ), due AS (
      INSERT INTO outbox (task_id) SELECT id FROM task
    )`);
