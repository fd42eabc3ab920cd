/**
 * Transitions of a video to `queued`: after its upload, and anew, when a copied rendition proves unfit.
 * Each is one guarded statement.
 */
import { processedPrefix } from "@storagex/contract/keys";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { audited } from "../audit/record.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { cte } from "../db/cte.ts";
import { json } from "../db/text.ts";
import { recorded } from "../events/record.ts";
import { handOverSoon } from "../outbox/outbox.ts";
import { usesMore, usesReserved } from "../quota/counters.ts";
import { releaseNext } from "../results/fan-out.ts";
import type { StoredPart } from "../storage/s3.ts";
import { PART_URL_SECONDS } from "./limits.ts";
import { lockVideo } from "./needed.ts";
import { removeUnder } from "./remove-objects.ts";

/** An uploaded source: one object with this ETag, or part objects that are still to be put together. */
export type Uploaded = { etag: string } | { parts: readonly StoredPart[] };

/**
 * `pending_upload → queued`, or `→ processing` where that began during the upload. One transaction writes the
 * ETag (or those of the parts), the first generation, its plan task and the outbox row, moves the quota from
 * reserved to used, and releases what waited for parts; then messages are sent. Where a part is stored that
 * differs from what was pinned, and perhaps read, the processing begins anew. Returns false if the video is no
 * longer pending: another call was first.
 */
export async function queueUploaded(edge: Edge, id: string, uploaded: Uploaded): Promise<boolean> {
  const etag = "etag" in uploaded ? uploaded.etag : null;
  const parts = "parts" in uploaded ? uploaded.parts : [];
  const moving = sql`
    WITH moved AS (
      UPDATE videos SET status = CASE WHEN EXISTS (SELECT 1 FROM tasks WHERE tasks.video_id = videos.id
            AND tasks.generation = videos.generation AND tasks.attempt > 0) THEN 'processing' ELSE 'queued' END,
        generation = greatest(generation, 1), source_etag = ${etag}, upload_id = NULL,
        ticket_expires_at = NULL, stored_bytes = stored_bytes + size, source_bytes = size, queued_at = now(), updated_at = now()
      WHERE id = ${id} AND status = 'pending_upload'
      RETURNING id, owner_id, generation, size, seq, status
    ), ${pinAll(parts)}, ${recorded("video.uploaded", "moved")}, ${audited(edge.audit, "moved", "video")},
    ${usesReserved(cte("moved", "owner_id", "size"))}, ${planTask}, fetched AS (
      UPDATE imports SET address_sealed = NULL, validator = NULL, lease = NULL, received = moved.size FROM moved
      WHERE imports.video_id = moved.id
    )
    SELECT id FROM moved`;
  const restarting = anew(
    undefined,
    sql`videos.id = ${id} AND videos.status = 'pending_upload' AND videos.generation > 0
    AND EXISTS (SELECT 1 FROM upload_parts, jsonb_to_recordset(${json(parts)}) AS part("partNumber" int, etag text)
      WHERE upload_parts.video_id = videos.id AND upload_parts.number = part."partNumber" AND upload_parts.etag <> part.etag)`,
  );
  const [, restarted, moved] = await edge.db.batch([
    edge.db.execute(lockVideo(id)),
    edge.db.execute(restarting),
    edge.db.execute(moving),
    edge.db.execute(releaseNext(id, sql`(SELECT generation FROM videos WHERE id = ${id})`)),
  ]);
  if (moved.rows.length === 0) return false;
  handOverSoon(edge);
  edge.waitUntil(removeLast(edge, z.array(anewRow).parse(restarted.rows)));
  return true;
}

export const anewRow = z.object({ id: z.string(), ownerId: z.string(), generation: z.number() });

/**
 * `processing → queued`, because the source's own video stream proved unfit as a rendition: now all rungs are
 * encoded. An upload that goes on stays one. `reporter` is the condition on `tasks`. Returns false if the video is not processing that task, or
 * copies nothing.
 */
export const encodeAll = async (edge: Edge, reporter: SQL): Promise<boolean> => {
  const begun = await beginAnew(
    edge,
    sql`videos.status IN ('processing', 'pending_upload') AND (videos.profile ->> 'copy') IS DISTINCT FROM 'false'
      AND (videos.id, videos.generation) = (SELECT video_id, generation FROM tasks WHERE ${reporter})`,
    sql`videos.profile || '{"copy": false}'`,
  );
  return begun.length > 0;
};

/** A client whose parts change again and again would be encoded without end. */
const MAX_CHANGES = 3;

/**
 * A part was sent again, with other bytes, after it was found and before the upload is complete: what was made of
 * the first bytes is discarded. `reporter` as of `encodeAll`. Returns false if the upload is complete, or this
 * happens too often.
 */
export const readAnew = async (edge: Edge, reporter: SQL): Promise<boolean> => {
  const begun = await beginAnew(
    edge,
    sql`videos.status = 'pending_upload' AND videos.generation <= ${MAX_CHANGES}::int
      AND (videos.id, videos.generation) = (SELECT video_id, generation FROM tasks WHERE ${reporter})`,
    sql`videos.profile`,
  );
  return begun.length > 0;
};

/**
 * Starts the next generation of the videos that `condition` matches. They keep only the source and the owner's
 * captions. Returns their ids.
 */
export async function beginAnew(edge: Edge, condition: SQL, profile: SQL): Promise<string[]> {
  const moved = await query(edge.db, anew(edge.audit, condition, profile), anewRow);
  if (moved.length > 0) handOverSoon(edge);
  edge.waitUntil(removeLast(edge, moved));
  return moved.map(({ id }) => id);
}

/** The statement of `beginAnew`. An upload that is not complete stays one, and its parts are looked for again. */
export const anew = (audit: Edge["audit"], condition: SQL, profile = sql`videos.profile`): SQL => sql`
    WITH before AS (
      SELECT id, (CASE WHEN status = 'pending_upload' THEN 0 ELSE size END)
          + coalesce((SELECT sum((track ->> 'size')::bigint) FROM jsonb_array_elements(captions) AS track), 0) AS remaining,
        stored_bytes, generation FROM videos WHERE ${condition} FOR UPDATE
    ), moved AS (
      UPDATE videos SET status = CASE WHEN videos.status = 'pending_upload' THEN videos.status ELSE 'queued' END,
        generation = videos.generation + 1, plan = NULL, mezzanine = NULL,
        profile = ${profile}, posters = '[]', poster_index = 0, notes = '[]', loudness = '{}', pending_tasks = 0,
        done_frames = 0, playable_at = NULL, failed_at = NULL, error_code = NULL, error_message = NULL, cpu_seconds = 0,
        wall_seconds = 0, stored_bytes = before.remaining, queued_at = now(), updated_at = now()
      FROM before WHERE videos.id = before.id
      RETURNING videos.id, videos.owner_id, videos.generation, videos.seq, videos.status, before.remaining - before.stored_bytes AS bytes
    ), ${recorded("video.restarted", "moved")}, ${audited(audit, "moved", "video")}, ended AS (
      UPDATE tasks SET state = 'cancelled', finished_at = now(), lease_until = NULL FROM before
      WHERE tasks.video_id = before.id AND tasks.generation = before.generation
        AND tasks.state IN ('waiting', 'queued', 'running')
    ), objects AS (
      DELETE FROM media_objects USING moved
      WHERE media_objects.video_id = moved.id AND media_objects.generation < moved.generation
    ), unpinned AS (
      DELETE FROM upload_parts USING moved WHERE moved.status = 'pending_upload' AND upload_parts.video_id = moved.id
    ), emptied AS (
      UPDATE part_uploads SET arrived = '{}', looked_at = NULL FROM moved
      WHERE moved.status = 'pending_upload' AND part_uploads.video_id = moved.id
    ), ${usesMore(cte("moved", "owner_id", "bytes"))}, ${planTask}
    SELECT id, owner_id AS "ownerId", generation FROM moved`;

/** Removes the objects of the generations before. What is cut off is removed by the sweep. */
export async function removeLast(edge: Edge, moved: readonly z.infer<typeof anewRow>[]): Promise<void> {
  for (const { id, ownerId, generation } of moved)
    await removeUnder(edge, `${processedPrefix(ownerId, id)}${generation - 1}/`);
}

/**
 * CTEs that enqueue the plan task of each row in `moved`, if it has none. During the upload it waits for the
 * first part.
 */
const planTask = sql.raw(`task AS (
      INSERT INTO tasks (video_id, generation, kind, index, state, needs)
      SELECT id, generation, 'plan', 0, CASE WHEN status = 'pending_upload' THEN 'waiting' ELSE 'queued' END,
        CASE WHEN status = 'pending_upload' THEN '{[1,2)}'::int4multirange END FROM moved
      ON CONFLICT DO NOTHING RETURNING id, state
    ), due AS (
      INSERT INTO outbox (task_id) SELECT id FROM task WHERE state = 'queued'
    )`);

/**
 * CTEs that pin the parts of the row in `moved` to what is stored now. A part that was sent again replaces what
 * an earlier look has found: what was made of that has been discarded.
 */
const pinAll = (parts: readonly StoredPart[]): SQL => sql`pinned AS (
      INSERT INTO upload_parts (video_id, number, size, etag)
      SELECT moved.id, part."partNumber", part.size, part.etag
      FROM moved, jsonb_to_recordset(${json(parts)}) AS part("partNumber" int, size bigint, etag text)
      ON CONFLICT (video_id, number) DO UPDATE SET size = excluded.size, etag = excluded.etag, pinned_at = now()
    ), closed AS (
      UPDATE part_uploads SET urls_until = now() + ${PART_URL_SECONDS}::int * interval '1 second',
        arrived = '{[1,)}' FROM moved
      WHERE part_uploads.video_id = moved.id
    )`;
