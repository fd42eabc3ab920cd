/** Records progress of a running task: renews the lease, pins audio pieces, renews grants. */
import type { ProgressAnswer, ProgressRequest } from "@storagex/contract/tasks/report";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { cte } from "../db/cte.ts";
import { json } from "../db/text.ts";
import { recorded } from "../events/record.ts";
import { LEASE_SECONDS, WRITE_SECONDS } from "../lifecycle/limits.ts";
import { lockVideoOf, ofNeededVideo, stillNeeded } from "../lifecycle/needed.ts";
import { becomePlayable } from "../lifecycle/playable.ts";
import { storesMore, usesMore } from "../quota/counters.ts";
import { type CheckedMedia, checkMedia } from "../results/check-objects.ts";
import { insertMedia } from "../results/insert-media.ts";
import { deliverSoon } from "../webhooks/hand-over.ts";
import { finishInputs } from "./grants/finish-inputs.ts";
import { expectedOutputs } from "./grants/outputs.ts";
import { partGrants } from "./grants/parts.ts";
import { sourceGrant } from "./grants/read.ts";
import { checkLease, type Leased } from "./lease-check.ts";
import { isTaskId, type Proof, provenBy } from "./lease-proof.ts";

const leasedRow = z.object({ leased: z.number() });

/** `gone` if the attempt was overtaken, or the work cancelled or done. `request.invalid` for bad pieces. */
export async function reportProgress(
  edge: Edge,
  taskId: string,
  report: ProgressRequest,
): Promise<ProgressAnswer> {
  if (!isTaskId(taskId)) return { outcome: "gone" };
  if (!(await keepLease(edge, taskId, report))) return { outcome: "gone" };
  const isPlainBeat =
    report.pieces.length === 0 &&
    report.want.length === 0 &&
    report.sourceParts.length === 0 &&
    !report.renew;
  if (isPlainBeat) return { outcome: "held", outputs: [], source: null, sourceParts: [], inputs: null };
  const leased = await checkLease(edge, { taskId, ...report });
  if (!leased) return { outcome: "gone" };
  if (report.pieces.length > 0) {
    const pieces = await Promise.all(report.pieces.map((piece) => checkMedia(edge.config, leased, piece)));
    if (!(await pinAudioPieces(edge, leased, { taskId, ...report }, pieces))) return { outcome: "gone" };
    // The first may have made the video playable.
    deliverSoon(edge);
  }
  const outputs = await expectedOutputs(edge.config, leased, report.want);
  const sourceParts = await partGrants(edge, leased, report.sourceParts);
  return { outcome: "held", outputs, sourceParts, ...(await renewed(edge, leased, report.renew)) };
}

/** Whether the lease is still held. Writes about once a second; progress never falls within an attempt. */
async function keepLease({ db }: Edge, taskId: string, report: ProgressRequest): Promise<boolean> {
  const proven = await provenBy({ taskId, ...report });
  const statement = sql`
    WITH leased AS (
      SELECT tasks.id FROM tasks JOIN videos ON videos.id = tasks.video_id
      WHERE ${proven} AND tasks.state = 'running' AND ${stillNeeded}
    ), beat AS (
      UPDATE tasks SET progress = greatest(tasks.progress, ${report.progress}::float8), speed = ${report.speed}::float8,
        heartbeat_at = now(), lease_until = now() + ${LEASE_SECONDS}::int * interval '1 second'
      FROM leased WHERE ${proven} AND tasks.state = 'running'
        AND (tasks.heartbeat_at < now() - ${WRITE_SECONDS}::float8 * interval '1 second')
    )
    SELECT 1 AS leased FROM leased`;
  return (await query(db, statement, leasedRow)).length > 0;
}

/** Pins pieces to this attempt; those already pinned stay as they were served. False if the lease is gone. */
async function pinAudioPieces(
  { db }: Edge,
  { videoId, generation }: Leased,
  proof: Proof,
  pieces: readonly CheckedMedia[],
): Promise<boolean> {
  const statement = sql`
    WITH ${lockVideoOf(proof.taskId)}, reported AS (
      SELECT tasks.video_id, tasks.generation, tasks.attempt, tasks.kind, tasks.index FROM tasks, needed
      WHERE ${await provenBy(proof)} AND tasks.state = 'running' AND ${ofNeededVideo}
      FOR UPDATE OF tasks
    ), ${insertMedia(json(pieces))}, counted AS (
      UPDATE videos SET ${storesMore(sql`made.size`)}
      FROM (SELECT video_id, sum(size) AS size FROM objects GROUP BY video_id) AS made WHERE videos.id = made.video_id
      RETURNING videos.id, videos.owner_id, videos.seq, made.size AS bytes
    ), ${recorded("task.published", "counted", "reported")}, ${usesMore(cte("counted", "owner_id", "bytes"))}
    SELECT 1 FROM reported`;
  const [pinned] = await db.batch([db.execute(statement), db.execute(becomePlayable(videoId, generation))]);
  return pinned.rows.length > 0;
}

async function renewed(edge: Edge, leased: Leased, renew: boolean) {
  if (!renew) return { source: null, inputs: null };
  const source = await sourceGrant(edge.config, leased);
  if (leased.kind !== "finish" || !leased.plan) return { source, inputs: null };
  const { video, audio, overview, samples } = await finishInputs(edge, { ...leased, plan: leased.plan });
  const sampled = samples.flatMap(({ renditions }) => renditions);
  return { source, inputs: { video, audio, overview, samples: sampled } };
}
