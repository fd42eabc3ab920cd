/** Fair release: at most N encode tasks of a video are released at a time, in timeline order. */
import { type SQL, sql } from "drizzle-orm";
import { MIN_RELEASED, RELEASED_PER_WORKER, WORKER_ALIVE_SECONDS } from "../lifecycle/limits.ts";

/** Maximum number of released encode tasks of one video: max(4, 2 × live workers). */
const releaseLimit: SQL = sql`greatest(${MIN_RELEASED}::int, ${RELEASED_PER_WORKER}::int * coalesce((
    SELECT sum(slots)::int FROM workers WHERE drained_at IS NULL AND seen_at > now() - ${WORKER_ALIVE_SECONDS}::int * interval '1 second'), 0))`;

/** The condition on `videos` that a task of the video waits and one more may be released. */
export const mayRelease: SQL = sql`(EXISTS (SELECT 1 FROM tasks
      WHERE tasks.video_id = videos.id AND tasks.generation = videos.generation AND tasks.state = 'waiting')
    AND ${releaseLimit} > (SELECT count(*) FROM tasks WHERE tasks.video_id = videos.id
      AND tasks.generation = videos.generation AND tasks.kind = 'encode' AND tasks.state IN ('queued', 'running')))`;

/**
 * The statement that releases a video's next waiting tasks up to the limit and writes their outbox rows. It
 * runs after the statement that freed the slot, in the same transaction: then it sees that statement's
 * writes.
 */
export const releaseNext = (videoId: string, generation: number): SQL => sql`
  WITH slots AS (
    SELECT ${releaseLimit} - count(*)::int AS free FROM tasks
    WHERE video_id = ${videoId} AND generation = ${generation}::int AND kind = 'encode' AND state IN ('queued', 'running')
  ), next AS (
    SELECT id FROM tasks
    WHERE video_id = ${videoId} AND generation = ${generation}::int AND state = 'waiting'
    ORDER BY (kind = 'audio') DESC, index
    LIMIT (SELECT greatest(0, free) FROM slots) FOR UPDATE SKIP LOCKED
  ), released AS (
    UPDATE tasks SET state = 'queued' FROM next, videos
    WHERE tasks.id = next.id AND videos.id = tasks.video_id AND videos.status = 'processing'
    RETURNING tasks.id, tasks.index
  )
  INSERT INTO outbox (task_id) SELECT id FROM released ORDER BY index`;
