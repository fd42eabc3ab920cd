/**
 * Sends outbox rows to the bridge, at least once: claims rows, posts them, marks them as sent. Claims of
 * tasks ignore duplicates.
 */

import { HAND_OVER_PATH } from "@storagex/contract/routes/internal";
import { taskKindSchema } from "@storagex/contract/tasks/kinds";
import { laneOf } from "@storagex/contract/tasks/lane";
import { handOverAnswerSchema, type TaskMessage } from "@storagex/contract/tasks/message";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { json } from "../db/text.ts";
import { OUTBOX_CLAIM_SECONDS, OUTBOX_RETRY_SECONDS } from "../lifecycle/limits.ts";
import { stillNeeded } from "../lifecycle/needed.ts";
import { log, reasonOf } from "../observe/log.ts";
import { postToBridge } from "./bridge.ts";

const BATCH = 100;

const dueRow = z.object({
  id: z.coerce.number(),
  taskId: z.string(),
  videoId: z.string(),
  generation: z.number(),
  kind: taskKindSchema,
  index: z.number(),
  /** Only of a first chunk: its length decides the lane. */
  chunkSeconds: z.number().nullable(),
  duration: z.number().nullable(),
  traceparent: z.string().nullable(),
  needed: z.boolean(),
});
type Due = z.infer<typeof dueRow>;

/** The bridge's last answer in this isolate: ready messages, and when it came (milliseconds). */
export const broker: { depth: number | null; askedAt: number } = { depth: null, askedAt: 0 };

/** Sends due rows after the response. The sweep sends what this misses. */
export function handOverSoon(edge: Edge): void {
  edge.waitUntil(handOver(edge));
}

/** Sends up to `rounds` batches. Returns how many messages the bridge took. Never throws if it is down. */
export async function handOver(edge: Edge, rounds = 3): Promise<number> {
  let sent = 0;
  for (let round = 0; round < rounds; round += 1) {
    const due = await claimDue(edge);
    if (due.length === 0) break;
    const needed = due.filter((row) => row.needed);
    try {
      if (needed.length > 0) await post(edge, needed);
    } catch (error) {
      log("warn", "the bridge did not take the tasks", { tasks: needed.length, reason: reasonOf(error) });
      await release(edge, due);
      break;
    }
    await markSent(edge, due);
    sent += needed.length;
    if (due.length < BATCH) break;
  }
  return sent;
}

/** Seconds of a video's first chunk, null for any other task. An only chunk runs to the end of the file. */
const firstChunkSeconds = sql`(CASE WHEN tasks.kind = 'encode' AND tasks.index = 0 THEN coalesce(
    tasks.frames * (videos.plan #>> '{grid,rate,den}')::float8
      / (videos.plan #>> '{grid,rate,num}')::float8, videos.duration) END)`;

/**
 * Also returns rows of tasks that have ended, were cancelled or are leased, as not needed: those are marked
 * as sent, but never sent.
 */
async function claimDue({ db }: Edge): Promise<Due[]> {
  const statement = sql`
    WITH picked AS (
      SELECT id FROM outbox WHERE sent_at IS NULL AND due_at <= now() AND claimed_until < now()
      ORDER BY due_at, id LIMIT ${BATCH}::int FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox SET claimed_until = now() + ${OUTBOX_CLAIM_SECONDS}::int * interval '1 second'
    FROM picked, tasks, videos
    WHERE outbox.id = picked.id AND tasks.id = outbox.task_id AND videos.id = tasks.video_id
    RETURNING outbox.id, tasks.id AS "taskId", tasks.video_id AS "videoId", tasks.generation, tasks.kind, tasks.index,
      ${firstChunkSeconds} AS "chunkSeconds", videos.duration, videos.traceparent, ((tasks.state = 'queued' OR (tasks.state = 'running' AND tasks.lease_until < now()))
        AND ${stillNeeded}) AS needed`;
  const due = await query(db, statement, dueRow);
  return due.sort((a, b) => a.id - b.id);
}

async function post({ config }: Edge, due: readonly Due[]): Promise<void> {
  const tasks = due.map(
    ({ taskId, videoId, generation, kind, index, chunkSeconds, duration, traceparent }): TaskMessage => ({
      taskId,
      videoId,
      generation,
      kind,
      index,
      lane: laneOf({ kind, index, chunkSeconds, duration }),
      ...(traceparent && { traceparent }),
    }),
  );
  const answer = handOverAnswerSchema.parse(await postToBridge(config, HAND_OVER_PATH, { tasks }));
  broker.depth = answer.queueDepth;
  broker.askedAt = Date.now();
}

/** A later `published_at`, written meanwhile after a failure, is kept. */
async function markSent({ db }: Edge, due: readonly Due[]): Promise<void> {
  const ids = json(due.map(({ id }) => id));
  await db.execute(sql`
    WITH sent AS (
      UPDATE outbox SET sent_at = now() WHERE id IN (SELECT value::bigint FROM jsonb_array_elements_text(${ids}))
      RETURNING task_id
    )
    UPDATE tasks SET published_at = greatest(published_at, now()) WHERE id IN (
      SELECT tasks.id FROM tasks, sent WHERE tasks.id = sent.task_id FOR UPDATE OF tasks SKIP LOCKED)`);
}

async function release({ db }: Edge, due: readonly Due[]): Promise<void> {
  const ids = json(due.map(({ id }) => id));
  await db.execute(sql`
    UPDATE outbox SET claimed_until = now() + ${OUTBOX_RETRY_SECONDS}::int * interval '1 second'
    WHERE sent_at IS NULL AND id IN (SELECT value::bigint FROM jsonb_array_elements_text(${ids}))`);
}
