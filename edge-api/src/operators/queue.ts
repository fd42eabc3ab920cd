/** The queue as administrators see it: counts from partial indexes, an estimate of when it is empty. */
import type { Queue } from "@storagex/contract/operators";
import { taskKindSchema } from "@storagex/contract/tasks/kinds";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { forAll } from "./shared-answer.ts";

const queueRow = z.object({
  uploading: z.coerce.number(),
  queued: z.coerce.number(),
  processing: z.coerce.number(),
  dead: z.coerce.number(),
  oldest: z.coerce.number(),
  rate: z.coerce.number(),
  left: z.coerce.number(),
  used: z.coerce.number(),
  reserved: z.coerce.number(),
});
const taskRow = z.object({
  kind: taskKindSchema,
  waiting: z.coerce.number(),
  queued: z.coerce.number(),
  running: z.coerce.number(),
});

/** Bytes of a second of video in a file that nobody has read yet: 8 Mbit/s. */
const BYTES_PER_SECOND = 1_000_000;

/** One branch per partial index of `tasks`. */
const taskCounts = sql`SELECT kind, sum(waiting) AS waiting, sum(queued) AS queued, sum(running) AS running FROM (
    SELECT kind, count(*) AS waiting, 0 AS queued, 0 AS running FROM tasks WHERE state = 'waiting' GROUP BY kind
    UNION ALL SELECT kind, 0, count(*), 0 FROM tasks WHERE state = 'queued' GROUP BY kind
    UNION ALL SELECT kind, 0, 0, count(*) FROM tasks WHERE state = 'running' GROUP BY kind
  ) AS counted GROUP BY kind`;

const secondsLeft = (status: "queued" | "processing") => sql`SELECT coalesce(sum(
    coalesce(duration, size::float8 / ${BYTES_PER_SECOND}::int)
    * greatest(0, 1 - coalesce(done_frames / nullif((plan #>> '{grid,totalFrames}')::float8, 0), 0))), 0) AS seconds
  FROM videos WHERE status = ${sql.raw(`'${status}'`)}`;

const counts = sql`SELECT
    (SELECT count(*) FROM videos WHERE status = 'pending_upload') AS uploading,
    (SELECT count(*) FROM videos WHERE status = 'queued') AS queued,
    (SELECT count(*) FROM videos WHERE status = 'processing') AS processing,
    (SELECT count(*) FROM videos WHERE status = 'failed') AS dead,
    coalesce((SELECT extract(epoch FROM now() - queued_at) FROM videos WHERE status = 'queued' AND queued_at IS NOT NULL
      ORDER BY queued_at, id LIMIT 1), 0) AS oldest,
    (SELECT coalesce(sum(speed), 0) FROM tasks WHERE state = 'running' AND kind = 'encode') AS rate,
    (${secondsLeft("queued")}) + (${secondsLeft("processing")}) AS left,
    account.used, account.reserved
  FROM (SELECT coalesce(sum(used_bytes), 0) AS used, coalesce(sum(reserved_bytes), 0) AS reserved FROM users) AS account`;

/** The queue, at most two seconds old: however many administrators look, it costs the same. */
export const readQueue = forAll("queue", async ({ db }: Edge): Promise<Queue> => {
  const [[row], tasks] = await Promise.all([query(db, counts, queueRow), query(db, taskCounts, taskRow)]);
  if (!row) throw new Error("the queue was not counted");
  const { uploading, queued, processing, dead, oldest, rate, left, used, reserved } = row;
  const none = { waiting: 0, queued: 0, running: 0 };
  return {
    videos: { uploading, queued, processing },
    tasks: taskKindSchema.options.map(
      (kind) => tasks.find((task) => task.kind === kind) ?? { kind, ...none },
    ),
    oldestQueuedSeconds: Math.max(0, oldest),
    encodedSecondsPerSecond: rate,
    drainSeconds: left <= 0 ? 0 : rate > 0 ? left / rate : null,
    dead,
    storage: { used, reserved },
  };
});
