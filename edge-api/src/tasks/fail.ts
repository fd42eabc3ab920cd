/**
 * Records a failure: the task is retried after a delay, or released without being counted, or the video fails
 * with a reason that people understand.
 */
import { MEDIA_FAILURES, type MediaFailureCode, reasonOf } from "@storagex/contract/media/failure";
import type { DeadLetter, FailRequest, ReportAnswer } from "@storagex/contract/tasks/report";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { cte } from "../db/cte.ts";
import { recorded } from "../events/record.ts";
import { RETRY_DELAYS, STORE_AWAY_RETRY_SECONDS, STORE_AWAY_SECONDS } from "../lifecycle/limits.ts";
import { lockVideo, lockVideoOf, ofNeededVideo, stillNeeded, waitsForUpload } from "../lifecycle/needed.ts";
import { dropsParts } from "../lifecycle/source.ts";
import { encodeAll, readAnew } from "../lifecycle/transitions.ts";
import { log } from "../observe/log.ts";
import { handOverSoon } from "../outbox/outbox.ts";
import { endPoster } from "../posters/fail.ts";
import { givesBack } from "../quota/counters.ts";
import { releaseNext } from "../results/fan-out.ts";
import { isTaskId, provenBy } from "./lease-proof.ts";
import { countAttemptOf } from "./live-workers.ts";

const taskRow = z.object({
  state: z.string(),
  failures: z.number(),
  lastCause: z.string().nullable(),
  awayForLong: z.boolean(),
  worker: z.string().nullable(),
  needed: z.boolean(),
});
const videoRow = z.object({ videoId: z.string() });

/** Records a worker's failure. `gone` if it was overtaken or the work is no longer needed. */
export async function failTask(edge: Edge, taskId: string, report: FailRequest): Promise<ReportAnswer> {
  if (!isTaskId(taskId)) return { outcome: "gone" };
  const proven = await provenBy({ taskId, ...report });
  const [task] = await query(
    edge.db,
    sql`SELECT tasks.state, tasks.failures, tasks.failure_cause AS "lastCause", tasks.worker,
        coalesce(tasks.store_away_since < now() - ${STORE_AWAY_SECONDS}::int * interval '1 second', false) AS "awayForLong", ${stillNeeded} AS needed
      FROM tasks JOIN videos ON videos.id = tasks.video_id WHERE ${proven}`,
    taskRow,
  );
  if (!task?.needed) return { outcome: "gone" };
  // A repeated report: it was recorded before, and nobody has claimed the task since.
  if (task.state === "queued") return { outcome: "done" };
  if (task.state !== "running") return { outcome: "gone" };
  const condition = sql`${proven} AND tasks.state = 'running'`;
  if (report.handBack) {
    if (report.needs.length > 0)
      return { outcome: (await waitForParts(edge, taskId, condition, report.needs)) ? "done" : "gone" };
    const taken = report.parked ? await releaseTask(edge, condition) : await retryTask(edge, condition, 0);
    return { outcome: taken ? "done" : "gone" };
  }
  if (report.storeAway && report.retryable && !task.awayForLong) {
    const away = sql`store_away_since = coalesce(store_away_since, now()), `;
    return { outcome: (await retryTask(edge, condition, STORE_AWAY_RETRY_SECONDS, away)) ? "done" : "gone" };
  }
  countAttemptOf(edge, task.worker, "failed");
  if (report.code === "transcoder.copy_unfit" && (await encodeAll(edge, condition)))
    return { outcome: "done" };
  if (report.code === "source.changed" && (await readAnew(edge, condition))) return { outcome: "done" };
  const cause = report.cause === undefined ? null : `${report.code} ${report.cause}`;
  // The file or our code causes a failure that repeats: a third try would only keep the uploader waiting.
  const isRepeated = report.retryable && cause !== null && cause === task.lastCause;
  const delay = RETRY_DELAYS[task.failures];
  if (report.retryable && !isRepeated && delay !== undefined)
    return (await retryTask(edge, condition, delay, counted(cause, report.storeAway)))
      ? { outcome: "done" }
      : { outcome: "gone" };
  if (report.retryable && (await waitForUpload(edge, taskId, condition))) return { outcome: "done" };
  const { code, message, detail } = report;
  const ended =
    report.retryable && !isRepeated
      ? await endTask(edge, taskId, condition, "transcoder.gave_up")
      : await endTask(edge, taskId, condition, code, reasonOf(code, { detail, isRepeated }) ?? message);
  return { outcome: ended ? "done" : "gone" };
}

/**
 * A claim that we could not answer counts like a worker's failure: the task is retried after a delay until
 * its retries are exhausted.
 */
export async function failUnanswered(edge: Edge, taskId: string, condition: SQL): Promise<void> {
  const statement = sql`SELECT failures FROM tasks WHERE ${condition}`;
  const [task] = await query(edge.db, statement, z.object({ failures: z.number() }));
  if (!task) return;
  const delay = RETRY_DELAYS[task.failures];
  if (delay !== undefined) await retryTask(edge, condition, delay, counted(null, false));
  else if (!(await waitForUpload(edge, taskId, condition)))
    await endTask(edge, taskId, condition, "transcoder.gave_up");
}

/** A plan that met missing parts this often probably reads the whole file: it waits for all of it. */
const MAX_PLAN_WAITS = 12;

/**
 * The task waits for parts of the upload, besides those that it waited for before; it is released at once if they
 * have come meanwhile. The lock comes first: a look that records parts takes it too, so either the release
 * here sees them, or the look's release sees that the task waits. Returns false if `condition` does not hold.
 */
async function waitForParts(
  edge: Edge,
  taskId: string,
  condition: SQL,
  needs: FailRequest["needs"],
): Promise<boolean> {
  const videoId = sql`(SELECT video_id FROM tasks WHERE id = ${taskId}::uuid)`;
  const ranges = `{${needs.map(({ from, to }) => `[${from},${to}]`).join(",")}}`;
  const waiting = sql`
    UPDATE tasks SET state = 'waiting', needs = CASE WHEN kind = 'plan' AND attempt > ${MAX_PLAN_WAITS}::int THEN '{[1,)}'
        ELSE coalesce(needs, '{}') + ${ranges}::int4multirange END, progress = 0,
      speed = NULL, worker = NULL, lease_until = NULL
    WHERE ${condition} RETURNING id`;
  const [, waits] = await edge.db.batch([
    edge.db.execute(lockVideo(videoId)),
    edge.db.execute(waiting),
    edge.db.execute(releaseNext(videoId, sql`(SELECT generation FROM tasks WHERE id = ${taskId}::uuid)`)),
  ]);
  handOverSoon(edge);
  return waits.rows.length > 0;
}

/**
 * The retries of a task are exhausted, but not because of the file: while the video is uploaded, that must not end
 * the upload. The task waits for `complete`, and its failures are counted anew. Returns false if the upload is
 * complete, or `condition` does not hold.
 */
async function waitForUpload(edge: Edge, taskId: string, condition: SQL): Promise<boolean> {
  const videoId = sql`(SELECT video_id FROM tasks WHERE id = ${taskId}::uuid)`;
  const waiting = sql`
    UPDATE tasks SET ${waitsForUpload} FROM videos WHERE tasks.id = ${taskId}::uuid AND videos.id = tasks.video_id AND videos.status = 'pending_upload'
      AND ${condition} RETURNING tasks.id`;
  const [, waits] = await edge.db.batch([edge.db.execute(lockVideo(videoId)), edge.db.execute(waiting)]);
  return waits.rows.length > 0;
}

/** The CTE `shown`: the video of the task in the CTE `task`. The statement does not change its row. */
const ofTask = (task: "again" | "released"): SQL => sql`shown AS (
      SELECT videos.id, videos.owner_id, videos.seq FROM ${sql.raw(task)} AS task JOIN videos ON videos.id = task.video_id
    )`;

/** A counted failure. An outage that has lasted for too long goes on to count. */
function counted(cause: string | null, isAway: boolean): SQL {
  const since = isAway ? sql`store_away_since` : sql`NULL`;
  return sql`failures = failures + 1, failure_cause = ${cause}, store_away_since = ${since}, `;
}

/**
 * Returns the task to `queued` with an outbox row due in `delay` seconds. `counts` sets what the failure
 * counts as. The attempt's proof becomes invalid with the next claim.
 */
async function retryTask(edge: Edge, condition: SQL, delay: number, counts: SQL = sql``): Promise<boolean> {
  const statement = sql`
    WITH again AS (
      UPDATE tasks SET state = 'queued', ${counts}progress = 0, speed = NULL,
        worker = NULL, lease_until = NULL, published_at = now() + ${delay}::int * interval '1 second'
      WHERE ${condition} RETURNING id, video_id, kind, index
    ), ${ofTask("again")}, ${recorded("task.retried", "shown", "again")}, due AS (
      INSERT INTO outbox (task_id, due_at) SELECT id, now() + ${delay}::int * interval '1 second' FROM again
    )
    SELECT video_id AS "videoId" FROM again`;
  const [again] = await query(edge.db, statement, videoRow);
  if (!again) return false;
  if (delay === 0) handOverSoon(edge);
  return true;
}

/**
 * Returns the task to `queued` as if it had never been claimed, without a message: the worker still has its
 * own. `condition` is on `tasks`. Returns false if it does not hold.
 */
export async function releaseTask(edge: Edge, condition: SQL): Promise<boolean> {
  const statement = sql`
    WITH released AS (
      UPDATE tasks SET state = 'queued', progress = 0, speed = NULL, worker = NULL, lease_until = NULL, published_at = now()
      WHERE ${condition} RETURNING video_id, kind, index
    ), ${ofTask("released")}, ${recorded("task.released", "shown", "released")}
    SELECT video_id AS "videoId" FROM released`;
  const [task] = await query(edge.db, statement, videoRow);
  return task !== undefined;
}

/**
 * If `condition` (on `tasks`) holds: the task fails, its video becomes `failed` with `sentence` (by default
 * the table's for `code`), and its siblings are cancelled. Only a poster's task leaves its video as it is. Returns false if it does not hold.
 */
export async function endTask(
  edge: Edge,
  taskId: string,
  condition: SQL,
  code: MediaFailureCode | (string & {}),
  sentence = reasonOf(code) ?? MEDIA_FAILURES["transcoder.gave_up"].message,
): Promise<boolean> {
  const statement = sql`
    WITH ${lockVideoOf(taskId)}, ended AS (
      UPDATE tasks SET state = 'failed', finished_at = now(), lease_until = NULL FROM needed
      WHERE tasks.id = ${taskId}::uuid AND tasks.kind <> 'poster' AND ${ofNeededVideo} AND ${condition}
      RETURNING tasks.id, tasks.video_id, tasks.generation, needed.status = 'pending_upload' AS is_uploading
    ), closed AS (
      UPDATE videos SET status = 'failed', failed_at = now(), error_code = ${code}, error_message = ${sentence}, updated_at = now(),
        ticket_expires_at = NULL, source_bytes = CASE WHEN ended.is_uploading THEN 0 ELSE videos.source_bytes END
      FROM ended WHERE videos.id = ended.video_id
      RETURNING videos.id, videos.owner_id, videos.generation, videos.seq, videos.size, ended.id AS task, ended.is_uploading
    ), ${recorded("video.failed", "closed")}, refused AS (
      SELECT id, owner_id, size, 0::bigint AS stored_bytes, 0::bigint AS source_bytes, true AS was_ticket FROM closed WHERE is_uploading
    ), ${givesBack(cte("refused", "owner_id", "stored_bytes", "source_bytes", "size", "was_ticket"))}, ${dropsParts(sql`refused`)}, siblings AS (
      UPDATE tasks SET state = 'cancelled', finished_at = now() FROM closed
      WHERE tasks.video_id = closed.id AND tasks.generation = closed.generation AND tasks.id <> closed.task
        AND tasks.state IN ('waiting', 'queued', 'running')
    )
    SELECT video_id AS "videoId" FROM ended`;
  const [ended] = await query(edge.db, statement, videoRow);
  return ended !== undefined || endPoster(edge, taskId, condition, { code, message: sentence });
}

/**
 * Handles a dead letter: ends the task only if no lease is valid, because another worker may be running a
 * re-sent message. Its reason goes to the log only.
 */
export async function endDeadLetter(edge: Edge, taskId: string, { kind, reason }: DeadLetter): Promise<void> {
  log("warn", "a dead letter", { taskId: taskId.slice(0, 36), kind, reason });
  if (!isTaskId(taskId)) return;
  const unleased = sql`(tasks.state = 'queued' OR (tasks.state = 'running' AND tasks.lease_until < now()))`;
  if (!(await waitForUpload(edge, taskId, unleased)))
    await endTask(edge, taskId, unleased, "transcoder.gave_up");
}
