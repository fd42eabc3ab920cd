/** SQL conditions that a video still needs its tasks, and the lock that every transition takes first. */
import { type SQL, sql } from "drizzle-orm";

/**
 * The condition on `videos` that the poster task `index` is the one asked for last: only it may still change
 * the video, which is completed already.
 */
const awaitsPoster = (index: SQL): SQL => sql`(videos.status = 'completed'
    AND videos.poster_change ->> 'state' = 'making' AND (videos.poster_change ->> 'n')::int = ${index})`;

/**
 * The CTE `needed`, which locks the task's video in its newest state before anything else is locked. All
 * transitions lock in this order, so they cannot deadlock. No row if the video needs no more work.
 */
export const lockVideoOf = (taskId: string): SQL => sql`needed AS (
      SELECT videos.id, videos.generation FROM videos
      WHERE videos.id = (SELECT video_id FROM tasks WHERE id = ${taskId}::uuid)
        AND (videos.status IN ('queued', 'processing')
          OR ${awaitsPoster(sql`(SELECT index FROM tasks WHERE id = ${taskId}::uuid AND kind = 'poster')`)})
      FOR NO KEY UPDATE
    )`;

/** The condition, on `tasks` beside `needed`, that the task belongs to the video's current generation. */
export const ofNeededVideo: SQL = sql`(tasks.video_id = needed.id AND tasks.generation = needed.generation)`;

/** For reads only: the condition, on `tasks` and `videos`, that the video needs this generation's work. */
export const stillNeeded: SQL = sql`(videos.id = tasks.video_id AND videos.generation = tasks.generation
  AND (videos.status IN ('queued', 'processing') OR (tasks.kind = 'poster' AND ${awaitsPoster(sql`tasks.index`)})))`;
