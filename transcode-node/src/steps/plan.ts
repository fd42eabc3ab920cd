/** The plan step: looks at the source, refuses it with a reason or fixes grid, ladder and chunks for its generation. */
import { ladderFor } from "@storagex/contract/ladder";
import type { TaskResult } from "@storagex/contract/report";
import type { LeaseOf, Plan } from "@storagex/contract/task";
import { accept } from "../media/accept.ts";
import { cutChunks, oneChunk, perSecond, segmentFramesOf } from "../media/grid.ts";
import type { SourceIndex } from "../media/index-facts.ts";
import { containerOf, MAGIC_BYTES } from "../media/magic.ts";
import { probe } from "../media/probe.ts";
import { readIndex } from "../media/source-index.ts";
import { readRange } from "../transfer/object-read.ts";
import { openSourceProxy } from "../transfer/source-proxy.ts";
import { MediaFailure, type StepContext } from "./step.ts";

/** Shorter videos are one task: the second process start would cost more than it gains. */
const ONE_TASK_SECONDS = 8;
/** Longest stretch without a keyframe that a chunk may have to decode before its own first frame. */
const MAX_GAP_SECONDS = 15;
/** Pieces of sound: longer in a long film, where a report for each half minute would be many. */
const pieceSeconds = (duration: number) => (duration > 3600 ? 60 : 30);

/** Probes the lease's source and answers the plan. Throws a `MediaFailure` for what cannot become a video. */
export async function plan(lease: LeaseOf<"plan">, context: StepContext): Promise<TaskResult> {
  const began = performance.now();
  const { signal } = context;
  const { size } = context.source.current();
  const read = (from: number, to: number) => readRange(context.source, from, to, signal);
  const container = containerOf(await read(0, MAGIC_BYTES - 1));
  if (!container) throw new MediaFailure("source.not_video", "unknown magic bytes");
  const indexed = await sensible(readIndex(container, size, read), signal);
  context.progress(0.1, null);

  await using proxy = await openSourceProxy(signal);
  const source = proxy.objects("source", [{ source: context.source, skip: 0 }]);
  const tools = { ffprobe: context.tools.ffprobe, signal };
  try {
    const probed = await probe(tools, source.url);
    context.progress(0.4, null);
    const index = await indexed(probed, tools, source.url);
    const facts = accept(probed, { container, duration: index.duration });
    context.progress(0.9, null);
    const made = planFor(facts, index, lease);
    context.log.info(
      { facts, index, chunks: made.chunks.length, rungs: made.rungs.map((rung) => rung.name) },
      "planned",
    );
    const wallSeconds = (performance.now() - began) / 1000;
    return { kind: "plan", plan: made, mezzanine: null, cpuSeconds: 0, wallSeconds };
  } catch (error) {
    // What the file seems to be is worth nothing while the storage did not deliver it.
    throw source.failure ?? error;
  }
}

/** A table that our reader trips over is the file's fault, not a crash. */
async function sensible<T>(reading: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof MediaFailure
      ? error
      : new MediaFailure("source.damaged", "index unreadable", { cause: error });
  }
}

/** Grid, ladder and chunks from the facts. */
function planFor(source: Plan["source"], index: SourceIndex, lease: LeaseOf<"plan">): Plan {
  const rate = source.frameRate;
  const totalFrames = Math.max(1, Math.round(source.duration * perSecond(rate)));
  const gap = index.keyframeGap;
  const chunkable =
    index.seekable && gap !== null && gap <= MAX_GAP_SECONDS && source.duration > ONE_TASK_SECONDS;
  // A transport stream is sought by time, not to a keyframe: the pre-roll must reach back over one for certain.
  const preRoll = source.container === "mpegts" ? Math.max(10, 2 * (gap ?? 0)) : 1;
  const grid = { rate, segmentFrames: segmentFramesOf(rate), totalFrames, preRoll };
  return {
    source,
    grid,
    rungs: ladderFor({ ...source, frameRate: perSecond(rate), sourceRate: source.bitrate }),
    preset: lease.profile.preset,
    chunks: chunkable ? cutChunks(grid, lease.workers) : oneChunk(),
    audioPieceSeconds: pieceSeconds(source.duration),
    mezzanine: null,
  };
}
