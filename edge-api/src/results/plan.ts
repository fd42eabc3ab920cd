/**
 * Records the success of a plan: plan, chunk tasks, audio tasks and the first releases in one transaction,
 * final for the generation.
 */

import type { ByteRange, CutPlan } from "@storagex/contract/tasks/plan";
import type { TaskResult } from "@storagex/contract/tasks/report";
import { sql } from "drizzle-orm";
import type { Edge } from "../context.ts";
import { cte } from "../db/cte.ts";
import { json } from "../db/text.ts";
import { recorded } from "../events/record.ts";
import { problem } from "../problem/problem.ts";
import { storesMore, usesMore } from "../quota/counters.ts";
import type { Reporter } from "../tasks/lease-check.ts";
import { checkPlain } from "./check-objects.ts";
import { commitSuccess } from "./commit.ts";
import { markSucceeded } from "./mark-succeeded.ts";
import { addNotes } from "./notes.ts";

type PlanResult = Extract<TaskResult, { kind: "plan" }>;

/** A day in chunks of 20 s, with margin. */
const MAX_CHUNKS = 5_000;

/** True if this call recorded it. Throws `request.invalid` for an inconsistent plan. */
export async function recordPlan(edge: Edge, reporter: Reporter, result: PlanResult): Promise<boolean> {
  checkPlan(result.plan);
  const { chunks, ...plan } = result.plan;
  if ((plan.mezzanine === null) !== (result.mezzanine === null))
    throw problem("request.invalid", {
      errors: [{ path: "result.mezzanine", message: "is not as the plan says" }],
    });
  const mezzanine = result.mezzanine && (await checkPlain(edge.config, reporter.maker, result.mezzanine));
  const work = [
    // The first chunk is queued before the audio, which is published while it is read: a lone worker then
    // shows the first frame of a long video at once. From then on at least as much is playable as with the
    // opposite order.
    ...chunks.map(({ bytes, ...chunk }) => ({
      ...chunk,
      kind: "encode",
      state: chunk.index === 0 ? "queued" : "waiting",
      needs: partsOf(reporter, bytes),
    })),
    // It follows the upload from its beginning.
    ...plan.source.audio.map((_, index) => ({
      kind: "audio",
      index,
      state: "queued",
      needs: partsOf(reporter, chunks[0]?.bytes),
    })),
  ];
  const { width, height, duration } = plan.source;
  const made = mezzanine?.size ?? 0;
  const statement = sql`
    WITH ${await markSucceeded(reporter, result)}, planned AS (
      UPDATE videos SET plan = ${json(plan)}, mezzanine = ${mezzanine ? json(mezzanine) : sql`NULL`},
        width = ${width}::int, height = ${height}::int, duration = ${duration}::float8,
        pending_tasks = ${work.length}::int, ${storesMore(made)},
        cpu_seconds = cpu_seconds + ${result.cpuSeconds}::float8, wall_seconds = wall_seconds + ${result.wallSeconds}::float8,
        ${addNotes(result)}, updated_at = now()
      FROM reported WHERE videos.id = reported.video_id RETURNING videos.id, videos.owner_id, videos.seq, videos.status, ${made}::bigint AS bytes
    ), ${recorded("video.planned", "planned")}, ${usesMore(cte("planned", "owner_id", "bytes"))}, made AS (
      INSERT INTO tasks (video_id, generation, kind, index, state, first_frame, frames, needs)
      SELECT reported.video_id, reported.generation, work.kind, work.index,
        CASE WHEN planned.status = 'pending_upload' THEN 'waiting' ELSE work.state END, work."firstFrame", work.frames, work.needs::int4multirange
      FROM reported, planned, jsonb_to_recordset(${json(work)})
        AS work(kind text, index int, state text, "firstFrame" int, frames int, needs text)
      ON CONFLICT DO NOTHING RETURNING id, kind, index, state
    )
    INSERT INTO outbox (task_id) SELECT id FROM made WHERE state = 'queued' ORDER BY kind = 'audio', index RETURNING id`;
  return commitSuccess(edge, reporter, statement);
}

/**
 * The numbers of the parts that hold `bytes` (all parts, where these are unknown), as a multirange; null where
 * the source is one object, so that nothing is waited for.
 */
function partsOf({ size, partSize, sourceEtag }: Reporter, bytes?: readonly ByteRange[]): string | null {
  if (sourceEtag !== null || partSize === null) return null;
  const ranges = bytes ?? [{ from: 0, to: size - 1 }];
  const number = (at: number) => Math.floor(at / partSize) + 1;
  return `{${ranges.map(({ from, to }) => `[${number(from)},${number(Math.min(to, size - 1))}]`).join(",")}}`;
}

/** Chunks are contiguous from frame 0, only the last has no end, and rendition names are unique. */
function checkPlan({ chunks, rungs }: CutPlan): void {
  const refuse = (message: string) =>
    problem("request.invalid", { errors: [{ path: "result.plan", message }] });
  if (chunks.length > MAX_CHUNKS) throw refuse(`has more than ${MAX_CHUNKS} chunks`);
  let next = 0;
  for (const [position, { index, firstFrame, frames }] of chunks.entries()) {
    if (index !== position || firstFrame !== next) throw refuse("has a gap between its chunks");
    if ((frames === null) !== (position === chunks.length - 1)) throw refuse("has a chunk without an end");
    next += frames ?? 0;
  }
  if (new Set(rungs.map(({ name }) => name)).size !== rungs.length) throw refuse("names a rendition twice");
}
