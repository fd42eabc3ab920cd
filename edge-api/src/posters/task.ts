/** CTEs of the tasks that make posters. They read `changed`: the video with its request's number `n`. */
import { sql } from "drizzle-orm";

/** Enqueues the task of the request. */
export const posterTask = sql.raw(`task AS (
      INSERT INTO tasks (video_id, generation, kind, index, state)
      SELECT id, generation, 'poster', n, 'queued' FROM changed ON CONFLICT DO NOTHING RETURNING id
    ), due AS (
      INSERT INTO outbox (task_id) SELECT id FROM task
    )`);

/** Ends the tasks of earlier requests; their workers learn it from their next report. */
export const cancelPosterTasks = sql.raw(`ended AS (
      UPDATE tasks SET state = 'cancelled', finished_at = now(), lease_until = NULL FROM changed
      WHERE tasks.video_id = changed.id AND tasks.generation = changed.generation AND tasks.kind = 'poster'
        AND tasks.index <> changed.n AND tasks.state IN ('queued', 'running')
    )`);
