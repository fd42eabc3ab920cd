/**
 * Encodes one chunk to checked files: with the worker's encoder and, where a device fails, with software in
 * the same attempt.
 */
import type { Rung } from "@storagex/contract/media/ladder";
import type { LeaseOf } from "@storagex/contract/tasks/lease";
import type { Plan } from "@storagex/contract/tasks/plan";
import { encodeArgs } from "../../media/args/encode-args.ts";
import type { Encoder } from "../../media/encoders/encoder.ts";
import { softwareBesideHardware } from "../../media/encoders/software.ts";
import { MediaFailure } from "../../media/failure.ts";
import { checkChunk, checkNames, framesOf } from "../../media/output/check.ts";
import { copyFault } from "../../media/output/copy-check.ts";
import { type CutFile, cutFile } from "../../media/output/fragments.ts";
import { perSecond, secondsAt } from "../../media/plan/grid.ts";
import { runTool } from "../../media/run/ffmpeg.ts";
import { encodeLimits } from "../../media/run/limits.ts";
import type { Transfer } from "../../transfer/source-proxy.ts";
import { assertRan, short } from "../result.ts";
import type { StepContext } from "../step.ts";

type Work = {
  lease: LeaseOf<"encode">;
  context: StepContext;
  source: Transfer;
  /** The scratch path of a rung. */
  pathOf: (rung: Rung) => string;
  /** When the step began (`performance.now()`). */
  began: number;
};
/** The file of a rung, checked. */
export type RungFile = { rung: Rung; path: string; cut: CutFile };
type Encoded = { files: RungFile[]; cpuSeconds: number };

/**
 * Encodes `lease.chunk` into a file of each rung. Throws a `MediaFailure` where no encoder makes files that pass every
 * check.
 */
export async function encodeChunk(work: Work): Promise<Encoded> {
  const { context, source } = work;
  const { h264 } = context.tools;
  const { encoder, release } = h264.take();
  try {
    const encoded = await encodeBy(encoder, work).finally(release);
    h264.note("encoded", encoder);
    return encoded;
  } catch (error) {
    // No encoder works without its source, an ended lease needs no chunk, and the device did not make the
    // copy.
    const unfit = error instanceof MediaFailure && error.code === "transcoder.copy_unfit";
    if (encoder.name === "software" || source.failure || context.signal.aborted || unfit) throw error;
    context.log.warn(
      { reason: String(error), encoder: encoder.label, chunk: work.lease.chunk.index },
      "the hardware could not encode this chunk, software does",
    );
    const encoded = await encodeBy(softwareBesideHardware, work);
    h264.note("saved", encoder);
    return encoded;
  }
}

/**
 * Encodes the chunk; once more where the last one ends a little early (damage at the end): then its last frame
 * is held to the planned end, so that the duration that the plan states is true.
 */
async function encodeBy(encoder: Encoder, work: Work): Promise<Encoded> {
  const { plan, chunk } = work.lease;
  const first = await encodeOnce(encoder, work, plan);
  const planned = plan.grid.totalFrames - chunk.firstFrame;
  const missing = planned - first.frames;
  const isWorthIt = missing > MAX_MISSING && secondsAt(planned, plan.grid.rate) <= MAX_AGAIN_SECONDS;
  if (chunk.frames !== null || !isWorthIt || plan.rungs.some(({ copied }) => copied)) return first;
  const heldFrames = (plan.grid.heldFrames ?? 0) + missing;
  const second = await encodeOnce(encoder, work, { ...plan, grid: { ...plan.grid, heldFrames } });
  return { ...second, cpuSeconds: first.cpuSeconds + second.cpuSeconds };
}

/** Frames by which the plan may be off without damage. */
const MAX_MISSING = 2;
/** A longer chunk is not encoded twice for half a second. */
const MAX_AGAIN_SECONDS = 60;

async function encodeOnce(
  encoder: Encoder,
  { lease, context, source, pathOf, began }: Work,
  plan: Plan,
): Promise<Encoded & { frames: number }> {
  const { chunk } = lease;
  const { grid } = plan;
  const expected = chunk.frames ?? Math.max(1, grid.totalFrames - chunk.firstFrame);
  const run = await runTool({
    tool: context.tools.ffmpeg,
    args: encodeArgs({ url: source.url, plan, chunk, pathOf, encoder }),
    limits: encodeLimits(plan, secondsAt(expected, grid.rate), lease.hardLimitSeconds, encoder),
    folder: context.scratch,
    device: encoder.device,
    signal: context.signal,
    stdout: "progress",
    onFrame: (frames) => {
      const seconds = (performance.now() - began) / 1000;
      // The rest is checks and uploads.
      context.progress(Math.min(0.97, (0.97 * frames) / expected), frames / perSecond(grid.rate) / seconds);
    },
  });
  context.log.info(
    {
      ...{ chunk: chunk.index, encoder: encoder.name, command: run.command },
      ...{ frames: run.frames, cpu: run.cpuSeconds },
    },
    "encoded",
  );
  assertRan(run, source);

  const files = await Promise.all(
    plan.rungs.map(async (rung) => ({ rung, path: pathOf(rung), cut: await cutFile(pathOf(rung)) })),
  );
  const cuts = files.map(({ cut }) => cut);
  const verdict = checkChunk(cuts, { plan, chunk });
  if (verdict.outcome === "short") throw short(source, verdict.why);
  if (verdict.outcome === "invalid") throw verdict.failure;
  for (const { rung, path, cut } of files) {
    const fault = rung.copied ? await copyFault(path, cut, run.stderr) : null;
    if (fault) throw new MediaFailure("transcoder.copy_unfit", fault);
  }
  const misnamed = encoder.name === "software" ? null : checkNames(cuts, plan);
  if (misnamed) throw new MediaFailure("transcoder.output_invalid", misnamed);
  return { files, cpuSeconds: run.cpuSeconds, frames: framesOf(cuts[0]) };
}
