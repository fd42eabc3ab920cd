/** CTEs of the tasks that make posters, of a CTE with the video and its request's number `n`. */
import { type SQL, sql } from "drizzle-orm";
import type { Cte } from "../db/cte.ts";

type Requested = Cte<"id" | "generation" | "n">;

/** Enqueues the task of the request. */
export const posterTask = ({ name, columns: { id, generation, n } }: Requested): SQL => sql`task AS (
      INSERT INTO tasks (video_id, generation, kind, index, state)
      SELECT ${id}, ${generation}, 'poster', ${n}, 'queued' FROM ${name} ON CONFLICT DO NOTHING RETURNING id
    ), due AS (
      INSERT INTO outbox (task_id) SELECT id FROM task
    )`;

/** Ends the tasks of earlier requests; their workers learn it from their next report. */
export const cancelPosterTasks = ({ name, columns: { id, generation, n } }: Requested): SQL => sql`ended AS (
      UPDATE tasks SET state = 'cancelled', finished_at = now(), lease_until = NULL FROM ${name}
      WHERE tasks.video_id = ${id} AND tasks.generation = ${generation} AND tasks.kind = 'poster'
        AND tasks.index <> ${n} AND tasks.state IN ('queued', 'running')
    )`;
