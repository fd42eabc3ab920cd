/** The workers as administrators see them; draining and resuming one. */
import type { AdminWorker } from "@storagex/contract/operators";
import { taskKindSchema } from "@storagex/contract/tasks/kinds";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { audited } from "../audit/record.ts";
import type { Edge } from "../context.ts";
import { type Db, query } from "../db/connect.ts";
import { iso, storable } from "../db/text.ts";
import { WORKER_ALIVE_SECONDS } from "../lifecycle/limits.ts";
import { problem } from "../problem/problem.ts";
import { forAll } from "./shared-answer.ts";

const workerRow = z.object({
  name: z.string(),
  version: z.string().nullable(),
  ffmpeg: z.string().nullable(),
  encoder: z.string().nullable(),
  slots: z.number(),
  state: z.enum(["live", "draining", "gone"]),
  seenAt: z.string(),
  tasksDone: z.coerce.number(),
  tasksFailed: z.coerce.number(),
});
const runningRow = z.object({
  worker: z.string(),
  videoId: z.string(),
  title: z.string(),
  kind: taskKindSchema,
  index: z.number(),
  progress: z.number(),
  speed: z.number().nullable(),
  since: z.string(),
});

const workersWhere = (condition: SQL): SQL => sql`SELECT name, version, ffmpeg, encoder, slots,
    CASE WHEN seen_at < now() - ${WORKER_ALIVE_SECONDS}::int * interval '1 second' THEN 'gone'
      WHEN drained_at IS NOT NULL THEN 'draining' ELSE 'live' END AS state,
    ${iso(sql`seen_at`)} AS "seenAt", tasks_done AS "tasksDone", tasks_failed AS "tasksFailed"
  FROM workers WHERE ${condition} ORDER BY name`;

const runningTasks = sql`SELECT tasks.worker, tasks.video_id AS "videoId", videos.title, tasks.kind, tasks.index, tasks.progress,
    tasks.speed, ${iso(sql`tasks.started_at`)} AS since
  FROM tasks JOIN videos ON videos.id = tasks.video_id
  WHERE tasks.state = 'running' AND tasks.worker IS NOT NULL AND tasks.started_at IS NOT NULL
  ORDER BY tasks.started_at, tasks.id`;

async function withTasks(db: Db, condition: SQL): Promise<AdminWorker[]> {
  const [workers, running] = await Promise.all([
    query(db, workersWhere(condition), workerRow),
    query(db, runningTasks, runningRow),
  ]);
  return workers.map((worker) => ({
    ...worker,
    running: running.flatMap(({ worker: name, ...task }) => (name === worker.name ? [task] : [])),
  }));
}

/** All workers seen within a day, by name, at most two seconds old. */
export const listWorkers = forAll("workers", async ({ db }: Edge) => ({
  items: await withTasks(db, sql`true`),
}));

/** Lets a worker drain, or take tasks again. It takes no task from now on. Throws `worker.not_found`. */
export async function drainWorker(edge: Edge, name: string, drain: boolean): Promise<AdminWorker> {
  const named = storable(name);
  const drainedAt = drain ? sql`coalesce(drained_at, now())` : sql`NULL`;
  await edge.db.execute(sql`WITH changed AS (
      UPDATE workers SET drained_at = ${drainedAt} WHERE name = ${named} RETURNING name AS id
    ), ${audited(edge.audit, "changed", "worker")}
    SELECT id FROM changed`);
  const [worker] = await withTasks(edge.db, sql`name = ${named}`);
  if (!worker) throw problem("worker.not_found");
  return worker;
}
