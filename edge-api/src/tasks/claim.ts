/** Claims a task for a worker: a new attempt fences off every earlier one. Step 5 in docs/architecture.md. */

import { TASK_KINDS, taskKindSchema } from "@storagex/contract/tasks/kinds";
import { type ClaimAnswer, type claimRequestSchema, leaseSchema } from "@storagex/contract/tasks/lease";
import { planSchema } from "@storagex/contract/tasks/plan";
import { profileSchema } from "@storagex/contract/videos/profile";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { isUnavailable } from "../db/failure.ts";
import { planAlone } from "../db/plan.ts";
import { storedObjectSchema } from "../db/stored-object.ts";
import { json } from "../db/text.ts";
import { recorded } from "../events/record.ts";
import { hashOf, newSecret } from "../keys/random.ts";
import {
  LEASE_SECONDS,
  MAX_INTERRUPTIONS,
  TAKEOVER_SECONDS,
  WORKER_ALIVE_SECONDS,
} from "../lifecycle/limits.ts";
import { lockVideoOf, ofNeededVideo, stillNeeded } from "../lifecycle/needed.ts";
import { log, reasonOf } from "../observe/log.ts";
import { endTask, failUnanswered, releaseTask } from "./fail.ts";
import { finishInputs } from "./grants/finish-inputs.ts";
import { firstOutputs } from "./grants/outputs.ts";
import { leftResults, sourceGrant } from "./grants/read.ts";
import { isTaskId, leaseSecretOf } from "./lease-proof.ts";

const claimedRow = z.object({
  taskId: z.string(),
  kind: taskKindSchema,
  index: z.number(),
  attempt: z.number(),
  videoId: z.string(),
  ownerId: z.string(),
  generation: z.number(),
  size: z.coerce.number(),
  partSize: z.coerce.number().nullable(),
  sourceEtag: z.string().nullable(),
  mezzanine: storedObjectSchema.nullable(),
  plan: planSchema.nullable(),
  firstFrame: z.number().nullable(),
  frames: z.number().nullable(),
  profile: profileSchema,
  traceparent: z.string().nullable(),
  workers: z.coerce.number(),
  pinnedPieces: z.coerce.number(),
  pinnedInit: z.string().nullable(),
  hasPoster: z.boolean(),
  mp4: storedObjectSchema.nullable(),
  posterImage: storedObjectSchema.nullable(),
  posterAt: z.number().nullable(),
});
export type Claimed = z.infer<typeof claimedRow>;
type Claimant = z.input<typeof claimRequestSchema>;

/**
 * `leased` with everything that the worker needs; `busy` while another lease is valid (after some silence a
 * redelivered message may take over), or while the task waits after a failure; `gone` if the work is done,
 * cancelled or unknown.
 */
export async function claimTask(edge: Edge, taskId: string, claimant: Claimant): Promise<ClaimAnswer> {
  if (!isTaskId(taskId)) return { outcome: "gone" };
  const { claimId, unanswered = [] } = claimant;
  const secretOf = (claim: string) => leaseSecretOf(edge.config, taskId, claim);
  const leaseSecret = claimId ? await secretOf(claimId) : newSecret();
  const leaseHash = await hashOf(leaseSecret);
  try {
    const lost = await Promise.all(unanswered.map(async (claim) => hashOf(await secretOf(claim))));
    const claimed = await claimRow(edge, taskId, claimant, { leaseHash, lost });
    if (!claimed) return { outcome: await whyNot(edge, taskId, claimant.redelivered) };
    const lease = await leaseFor(edge, claimed, leaseSecret);
    return { outcome: "leased", lease };
  } catch (error) {
    await release(edge, taskId, leaseHash, error);
    throw error;
  }
}

/**
 * A lease that the worker never received must not count as a lost worker. If the database was unavailable,
 * the claim is reverted without being counted. Any other error would repeat with every claim (a plan that
 * cannot be read), so it counts as a failure: otherwise the task would be retried forever. Never throws.
 */
async function release(edge: Edge, taskId: string, leaseHash: string, error: unknown): Promise<void> {
  const unanswered = sql`tasks.id = ${taskId}::uuid AND tasks.lease_hash = ${leaseHash} AND tasks.state = 'running'`;
  const reverted = isUnavailable(error)
    ? releaseTask(edge, unanswered)
    : failUnanswered(edge, taskId, unanswered);
  await reverted.catch((failure: unknown) =>
    log("warn", "a claim that could not be answered stays until its lease ends", {
      taskId,
      reason: reasonOf(failure),
    }),
  );
}

/**
 * A failed task waits its full delay, even if a second message for it arrives earlier. Uses
 * `clock_timestamp()`: `now()` is the start of the statement, and a transaction that it waited for may have
 * set `published_at` later than that.
 */
const due = sql`(tasks.state = 'queued' AND (tasks.published_at IS NULL OR tasks.published_at <= clock_timestamp()))`;

/**
 * Whether a running attempt may be overtaken: its lease expired, or the broker lost its worker and it has
 * stopped reporting.
 */
const overtakable = (redelivered: boolean) => sql`(tasks.state = 'running' AND (tasks.lease_until < now()
  OR (${redelivered}::boolean AND tasks.heartbeat_at < now() - ${TAKEOVER_SECONDS}::int * interval '1 second')))`;

/** Nobody runs it: the answer that leased it never arrived. `lost`: the hashes of such leases. */
const isHeldByNobody = (lost: readonly string[]) =>
  sql`(tasks.state = 'running' AND tasks.lease_hash IN (SELECT jsonb_array_elements_text(${json(lost)})))`;

/** A draining worker gets `busy`, so that it parks the message for the others. */
const isTaking = (worker: string) =>
  sql`NOT EXISTS (SELECT 1 FROM workers WHERE name = ${worker} AND drained_at IS NOT NULL)`;

/** A worker of an earlier release gets `busy` while the source is not one object: it could not read it. */
const isReadable = (readsParts: boolean) =>
  readsParts ? sql`true` : sql`(SELECT source_etag IS NOT NULL FROM videos WHERE id = tasks.video_id)`;

/** One statement: attempt + 1, the lease on the database's clock, and the video's change to `processing`. */
async function claimRow(
  { db }: Edge,
  taskId: string,
  { worker, redelivered, readsParts = false }: Claimant,
  { leaseHash, lost }: { leaseHash: string; lost: readonly string[] },
): Promise<Claimed | undefined> {
  const statement = sql`
    WITH ${lockVideoOf(taskId)}, claimed AS (
      UPDATE tasks SET state = 'running', attempt = tasks.attempt + 1, lease_hash = ${leaseHash},
        lease_until = now() + ${LEASE_SECONDS}::int * interval '1 second', heartbeat_at = now(),
        worker = ${worker}, progress = 0, speed = NULL, started_at = now(),
        interruptions = tasks.interruptions + (CASE WHEN tasks.state = 'running' AND NOT ${isHeldByNobody(lost)} THEN 1 ELSE 0 END)
      FROM needed
      WHERE tasks.id = ${taskId}::uuid AND ${ofNeededVideo} AND ${isTaking(worker)} AND ${isReadable(readsParts)} AND (${due}
        OR ${isHeldByNobody(lost)} OR (${overtakable(redelivered)} AND tasks.interruptions < ${MAX_INTERRUPTIONS - 1}::int))
      RETURNING tasks.id, tasks.kind, tasks.index, tasks.attempt, tasks.video_id, tasks.generation, tasks.first_frame,
        tasks.frames
    ), moved AS (
      UPDATE videos SET status = 'processing', updated_at = now() FROM claimed
      WHERE videos.id = claimed.video_id AND videos.status = 'queued' RETURNING videos.id, videos.seq
    ), shown AS (
      SELECT videos.id, videos.owner_id, coalesce(moved.seq, videos.seq) AS seq
      FROM claimed JOIN videos ON videos.id = claimed.video_id LEFT JOIN moved ON moved.id = videos.id
    ), ${recorded("task.started", "shown", "claimed")}, pinned AS (
      SELECT count(*) AS pieces, min(init_hash) AS init_hash FROM media_objects, claimed
      WHERE claimed.kind = 'audio' AND media_objects.video_id = claimed.video_id
        AND media_objects.generation = claimed.generation AND rendition = 'audio-' || claimed.index
    )
    SELECT claimed.id AS "taskId", claimed.kind, claimed.index, claimed.attempt, claimed.video_id AS "videoId",
      videos.owner_id AS "ownerId", claimed.generation, claimed.first_frame AS "firstFrame", claimed.frames, videos.size,
      videos.part_size AS "partSize", videos.source_etag AS "sourceEtag", videos.mezzanine, ${planAlone} AS plan, videos.profile, videos.traceparent,
      (SELECT coalesce(sum(slots), 1) FROM workers
        WHERE drained_at IS NULL AND seen_at > now() - ${WORKER_ALIVE_SECONDS}::int * interval '1 second') AS workers,
      pinned.pieces AS "pinnedPieces", pinned.init_hash AS "pinnedInit",
      jsonb_array_length(videos.posters) > 0 AS "hasPoster", videos.mp4, videos.poster_change -> 'image' AS "posterImage",
      (videos.poster_change ->> 'at')::float8 AS "posterAt"
    FROM claimed JOIN videos ON videos.id = claimed.video_id CROSS JOIN pinned`;
  const [claimed] = await query(db, statement, claimedRow);
  return claimed;
}

const stateRow = z.object({ state: z.string(), needed: z.boolean(), exhausted: z.boolean() });

async function whyNot(edge: Edge, taskId: string, redelivered: boolean): Promise<"busy" | "gone"> {
  const statement = sql`SELECT tasks.state, ${stillNeeded} AS needed,
      (${overtakable(redelivered)} AND tasks.interruptions >= ${MAX_INTERRUPTIONS - 1}::int) AS exhausted
    FROM tasks JOIN videos ON videos.id = tasks.video_id WHERE tasks.id = ${taskId}::uuid`;
  const [row] = await query(edge.db, statement, stateRow);
  if (!row?.needed) return "gone";
  if (row.exhausted) {
    // The fifth claim that ended without a report: workers repeatedly disappear while running this task.
    await endTask(edge, taskId, overtakable(redelivered), "transcoder.interrupted");
    return "gone";
  }
  // `queued` here means that its delay is not over, or that it was queued again between the two statements.
  return row.state === "running" || row.state === "queued" ? "busy" : "gone";
}

async function leaseFor(edge: Edge, claimed: Claimed, leaseSecret: string) {
  const { plan, kind } = claimed;
  const base = {
    taskId: claimed.taskId,
    videoId: claimed.videoId,
    generation: claimed.generation,
    attempt: claimed.attempt,
    leaseSecret,
    hardLimitSeconds: TASK_KINDS[kind].hardLimit,
    source: await sourceGrant(edge.config, claimed),
    outputs: await firstOutputs(edge.config, claimed),
    left: await leftResults(edge.config, claimed),
    traceparent: claimed.traceparent,
    kind,
    index: claimed.index,
  };
  if (kind === "plan")
    return leaseSchema.parse({ ...base, profile: claimed.profile, workers: claimed.workers });
  if (!plan) throw new Error(`task ${claimed.taskId} has no plan`);
  if (kind === "encode") {
    const { index, firstFrame, frames } = claimed;
    return leaseSchema.parse({ ...base, plan, chunk: { index, firstFrame, frames } });
  }
  if (kind === "audio") {
    const pinned = { pieces: claimed.pinnedPieces, initHash: claimed.pinnedInit };
    return leaseSchema.parse({ ...base, plan, pinned });
  }
  if (kind === "poster") return leaseSchema.parse({ ...base, plan, at: claimed.posterAt });
  return leaseSchema.parse({ ...base, plan, inputs: await finishInputs(edge, { ...claimed, plan }) });
}
