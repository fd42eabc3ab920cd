/**
 * The CTE `reported`, which locks the video and marks a proven, running task as `succeeded`. All other writes of
 * a success depend on its row.
 */
import { type SQL, sql } from "drizzle-orm";
import { lockVideoOf, ofNeededVideo } from "../lifecycle/needed.ts";
import type { Reporter } from "../tasks/lease-check.ts";
import { provenBy } from "../tasks/lease-proof.ts";

/** What the attempt cost, seconds. */
export type Effort = { cpuSeconds: number; wallSeconds: number };

/** `reported` has one row if this statement marked the task, none if another call was first. */
export async function markSucceeded(reporter: Reporter, { cpuSeconds, wallSeconds }: Effort): Promise<SQL> {
  return sql`${lockVideoOf(reporter.taskId)}, reported AS (
      UPDATE tasks SET state = 'succeeded', progress = 1, speed = NULL, finished_at = now(), lease_until = NULL,
        cpu_seconds = ${cpuSeconds}::float8, wall_seconds = ${wallSeconds}::float8
      FROM needed WHERE ${await provenBy(reporter)} AND tasks.state = 'running' AND ${ofNeededVideo}
      RETURNING tasks.video_id, tasks.generation, tasks.attempt, tasks.kind, tasks.index
    )`;
}
