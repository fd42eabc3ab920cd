/** Whether a video still wants its tasks done, as conditions and as the lock that every move takes first. */
import { type SQL, sql } from "drizzle-orm";

/**
 * The CTE `wanted` that locks the task's video, in its newest state, before anything else is locked: one order for all
 * moves, so that no two of them wait for each other. No row where the video does not want work any more.
 */
export const lockVideoOf = (taskId: string): SQL => sql`wanted AS (
      SELECT videos.id, videos.generation FROM videos
      WHERE videos.id = (SELECT video_id FROM tasks WHERE id = ${taskId}::uuid)
        AND videos.status IN ('queued', 'processing')
      FOR NO KEY UPDATE
    )`;

/** The condition, on `tasks` beside `wanted`, that the task belongs to the video's present generation. */
export const ofNeeded: SQL = sql`(tasks.video_id = wanted.id AND tasks.generation = wanted.generation)`;

/** For reading only: the condition, on `tasks` and `videos`, that the video still wants this generation's work. */
export const stillNeeded: SQL = sql`(videos.id = tasks.video_id AND videos.generation = tasks.generation
  AND videos.status IN ('queued', 'processing'))`;
