/**
 * Fair release: a task is released when its bytes have arrived, and at most N chunks of a video at a time, in
 * timeline order. Chunks of an upload let those of complete videos go first.
 */
import { type SQL, sql } from "drizzle-orm";
import { MIN_RELEASED, RELEASED_PER_WORKER, WORKER_ALIVE_SECONDS } from "../lifecycle/limits.ts";
import { isWorkedOn } from "../lifecycle/needed.ts";

/** Maximum number of released encode tasks of one video: max(4, 2 × live workers). */
const releaseLimit: SQL = sql`greatest(${MIN_RELEASED}::int, ${RELEASED_PER_WORKER}::int * coalesce((
    SELECT sum(slots)::int FROM workers WHERE drained_at IS NULL AND seen_at > now() - ${WORKER_ALIVE_SECONDS}::int * interval '1 second'), 0))`;

/**
 * The condition on `tasks` beside `videos` that a waiting task may be released: the parts that it needs have
 * arrived. `finish` waits for the end of the upload.
 */
const hasArrived: SQL = sql`(CASE WHEN tasks.kind = 'finish' THEN videos.status <> 'pending_upload'
    ELSE tasks.needs IS NULL OR NOT EXISTS (SELECT 1 FROM part_uploads
      WHERE part_uploads.video_id = tasks.video_id AND NOT tasks.needs <@ part_uploads.arrived) END)`;

/**
 * The condition on `tasks` beside `videos` that the chunk waits for others: its video is still uploaded, and chunks
 * of complete ones are queued (not those whose retry is delayed). A first chunk never does: somebody wants to see
 * that it works.
 */
const yields: SQL = sql`(tasks.kind = 'encode' AND tasks.index > 0 AND videos.status = 'pending_upload' AND EXISTS (
    SELECT 1 FROM tasks AS other JOIN videos AS complete ON complete.id = other.video_id
    WHERE other.state = 'queued' AND other.kind = 'encode' AND other.index > 0
      AND (other.published_at IS NULL OR other.published_at <= now())
      AND complete.status = 'processing' AND complete.generation = other.generation))`;

/** The condition on `videos` that a task of the video waits and may be released. */
export const mayRelease: SQL = sql`EXISTS (SELECT 1 FROM tasks
    WHERE tasks.video_id = videos.id AND tasks.generation = videos.generation AND tasks.state = 'waiting'
      AND (tasks.kind <> 'encode' OR ${releaseLimit} > (SELECT count(*) FROM tasks AS released
        WHERE released.video_id = videos.id AND released.generation = videos.generation
          AND released.kind = 'encode' AND released.state IN ('queued', 'running')))
      AND ${hasArrived} AND NOT ${yields})`;

/** Waiting tasks of the video, beside their video, that may be released. */
const ready = (videoId: string | SQL, generation: number | SQL): SQL => sql`tasks, videos
    WHERE tasks.video_id = ${videoId} AND tasks.generation = ${generation}::int AND tasks.state = 'waiting'
      AND videos.id = tasks.video_id AND ${isWorkedOn} AND ${hasArrived} AND NOT ${yields}`;

/**
 * The statement that releases a video's next waiting tasks, chunks up to the limit, and writes their outbox rows.
 * It runs after the statement that freed the slot or recorded the arrival, in the same transaction: then it
 * sees that statement's writes, and what was committed while that statement waited for the video's lock.
 */
export const releaseNext = (videoId: string | SQL, generation: number | SQL): SQL => sql`
  WITH slots AS (
    SELECT ${releaseLimit} - count(*)::int AS free FROM tasks
    WHERE video_id = ${videoId} AND generation = ${generation}::int AND kind = 'encode' AND state IN ('queued', 'running')
  ), chunks AS (
    SELECT tasks.id FROM ${ready(videoId, generation)} AND tasks.kind = 'encode' ORDER BY tasks.index
    LIMIT (SELECT greatest(0, free) FROM slots) FOR UPDATE OF tasks SKIP LOCKED
  ), others AS (
    SELECT tasks.id FROM ${ready(videoId, generation)} AND tasks.kind <> 'encode' FOR UPDATE OF tasks SKIP LOCKED
  ), released AS (
    UPDATE tasks SET state = 'queued' FROM (SELECT id FROM chunks UNION ALL SELECT id FROM others) AS next
    WHERE tasks.id = next.id RETURNING tasks.id, tasks.kind, tasks.index
  )
  INSERT INTO outbox (task_id) SELECT id FROM released ORDER BY (kind = 'encode' AND index = 0) DESC, kind = 'encode', index`;
