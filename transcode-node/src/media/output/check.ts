/**
 * The checks that a chunk's files must pass before anything is uploaded: FFmpeg's exit code proves nothing.
 */
import type { Chunk, Plan } from "@storagex/contract/tasks/plan";
import { MediaFailure } from "../failure.ts";
import { perSecond } from "../plan/grid.ts";
import { levelFor, levelNumber } from "../plan/h264-level.ts";
import { commonName } from "./boxes.ts";
import type { CutFile } from "./fragments.ts";

/**
 * `short`: frames are missing at the end (the source's or the object store's fault); `invalid`: the encoder's
 * fault.
 */
export type Verdict =
  | { outcome: "good" }
  | { outcome: "short"; why: string }
  | { outcome: "invalid"; failure: MediaFailure };

const invalid = (why: string): Verdict => ({
  outcome: "invalid",
  failure: new MediaFailure("transcoder.output_invalid", why),
});

/** Frames in a file; 0 where there is none. */
export const framesOf = (cut: CutFile | undefined): number =>
  cut?.segments.reduce((sum, segment) => sum + segment.samples, 0) ?? 0;

/** The last chunk must reach the probed end within two frames or half a second, whichever is more. */
const missingAllowed = (plan: Plan) => Math.max(2, Math.ceil(perSecond(plan.grid.rate) / 2));

/**
 * Checks one chunk's files, one per rung: frame counts, tfdt on the grid, segment lengths, first frame at its
 * time.
 */
export function checkChunk(cuts: CutFile[], work: { plan: Plan; chunk: Chunk }): Verdict {
  const { plan, chunk } = work;
  const counts = cuts.map(framesOf);
  const count = counts[0] ?? 0;
  if (counts.some((other) => other !== count)) return invalid(`rungs differ in frames: ${counts.join(", ")}`);
  const expected = chunk.frames ?? plan.grid.totalFrames - chunk.firstFrame - missingAllowed(plan);
  if (count < expected || count === 0) return { outcome: "short", why: `${count} of ${expected} frames` };
  if (chunk.frames !== null && count > chunk.frames) return invalid(`${count} frames for ${chunk.frames}`);
  for (const cut of cuts) {
    const fault = timelineFault(cut, plan.grid, chunk.firstFrame);
    if (fault) return invalid(fault);
  }
  return { outcome: "good" };
}

/**
 * Checks the codec string of each H.264 rung, so that one CODECS covers the chunks of all encoders; null
 * where all are right.
 */
export function checkNames(cuts: CutFile[], plan: Plan): string | null {
  for (const [n, rung] of plan.rungs.entries()) {
    const level = levelNumber(levelFor({ ...rung, frameRate: perSecond(plan.grid.rate) }));
    const name = `avc1.6400${level.toString(16).padStart(2, "0")}`;
    const codecs = commonName(cuts[n]?.init.codecs ?? "");
    if (rung.codec === "h264" && !rung.copied && codecs !== name)
      return `${rung.name}: ${codecs} instead of ${name}`;
  }
  return null;
}

function timelineFault(cut: CutFile, grid: Plan["grid"], firstFrame: number): string | null {
  const { num, den } = grid.rate;
  if (cut.init.timescale !== num) return `timescale ${cut.init.timescale} instead of ${num}`;
  let frame = firstFrame;
  for (const [n, segment] of cut.segments.entries()) {
    const last = n === cut.segments.length - 1;
    if (segment.decodeTime !== frame * den)
      return `segment ${n}: tfdt ${segment.decodeTime} instead of ${frame * den}`;
    if (segment.firstOffset !== 0)
      return `segment ${n}: first frame ${segment.firstOffset} ticks off its tfdt`;
    if (!last && segment.samples !== grid.segmentFrames) return `segment ${n}: ${segment.samples} frames`;
    if (last && segment.samples > grid.segmentFrames) return `last segment: ${segment.samples} frames`;
    if (segment.duration !== segment.samples * den) return `segment ${n}: lasts ${segment.duration} ticks`;
    frame += segment.samples;
  }
  return null;
}
