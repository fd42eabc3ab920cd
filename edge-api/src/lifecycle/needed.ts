/** SQL conditions that a video still needs its tasks, and the lock that every transition takes first. */
import { type SQL, sql } from "drizzle-orm";

/**
 * The condition on `videos` that the poster task `index` is the one asked for last: only it may still change
 * the video, which is completed already.
 */
const awaitsPoster = (index: SQL): SQL => sql`(videos.status = 'completed'
    AND videos.poster_change ->> 'state' = 'making' AND (videos.poster_change ->> 'n')::int = ${index})`;

/**
 * The condition on `videos` that it is processed: also while it is still uploaded, once that has begun (before
 * that it has no generation).
 */
export const isProcessed: SQL = sql`(videos.status = 'processing'
    OR (videos.status = 'pending_upload' AND videos.generation > 0))`;

/** The condition on `videos` that it is processed, or waits for that. */
export const isWorkedOn: SQL = sql`(videos.status = 'queued' OR ${isProcessed})`;

/** The condition on `videos` that its complete source is stored: as one object, or in parts. */
export const hasSource: SQL = sql`(videos.source_etag IS NOT NULL OR EXISTS (SELECT 1 FROM part_uploads
    WHERE part_uploads.video_id = videos.id AND part_uploads.urls_until IS NOT NULL AND part_uploads.dropped_at IS NULL))`;

/**
 * The CTE `needed`, which locks the task's video in its newest state before anything else is locked. All
 * transitions lock in this order, so they cannot deadlock. No row if the video needs no more work.
 */
export const lockVideoOf = (taskId: string): SQL => sql`needed AS (
      SELECT videos.id, videos.generation, videos.status FROM videos
      WHERE videos.id = (SELECT video_id FROM tasks WHERE id = ${taskId}::uuid)
        AND (${isWorkedOn}
          OR ${awaitsPoster(sql`(SELECT index FROM tasks WHERE id = ${taskId}::uuid AND kind = 'poster')`)})
      FOR NO KEY UPDATE
    )`;

/** The statement that locks a video, before a transaction reads or writes anything else of it. */
export const lockVideo = (id: string | SQL): SQL =>
  sql`SELECT 1 FROM videos WHERE id = ${id} FOR NO KEY UPDATE`;

/** The condition, on `tasks` beside `needed`, that the task belongs to the video's current generation. */
export const ofNeededVideo: SQL = sql`(tasks.video_id = needed.id AND tasks.generation = needed.generation)`;

/** For reads only: the condition, on `tasks` and `videos`, that the video needs this generation's work. */
export const stillNeeded: SQL = sql`(videos.id = tasks.video_id AND videos.generation = tasks.generation
  AND (${isWorkedOn} OR (tasks.kind = 'poster' AND ${awaitsPoster(sql`tasks.index`)})))`;

/** What an UPDATE of `tasks` sets so that they wait for `complete`, whatever parts have arrived. */
export const waitsForUpload: SQL = sql`state = 'waiting', needs = '{[1,)}', failures = 0, failure_cause = NULL, store_away_since = NULL,
      progress = 0, speed = NULL, worker = NULL, lease_until = NULL`;
