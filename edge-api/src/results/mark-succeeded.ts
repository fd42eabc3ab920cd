/** The CTE `held` that locks the video and flips a proven, running task to `succeeded`: whatever else a success writes hangs on its row. */
import { type SQL, sql } from "drizzle-orm";
import { lockVideoOf, ofNeeded } from "../lifecycle/needed.ts";
import type { Reporter } from "../tasks/lease-check.ts";
import { provenBy } from "../tasks/proof.ts";

/** What the attempt cost, seconds. */
export type Effort = { cpuSeconds: number; wallSeconds: number };

/** `held` has one row where this very statement flipped the task, none where somebody else was first. */
export async function markSucceeded(reporter: Reporter, { cpuSeconds, wallSeconds }: Effort): Promise<SQL> {
  return sql`${lockVideoOf(reporter.taskId)}, held AS (
      UPDATE tasks SET state = 'succeeded', progress = 1, speed = NULL, finished_at = now(), lease_until = NULL,
        cpu_seconds = ${cpuSeconds}::float8, wall_seconds = ${wallSeconds}::float8
      FROM wanted WHERE ${await provenBy(reporter)} AND tasks.state = 'running' AND ${ofNeeded}
      RETURNING tasks.video_id, tasks.generation, tasks.attempt, tasks.kind, tasks.index
    )`;
}
