/** The frame grid of a video: its rate, its segments and its chunks. All counted in frames, never in seconds. */
import type { Chunk, Plan, Rational } from "@storagex/contract/tasks/task";

const SEGMENT_SECONDS = 2;
/** Seconds: a growing start shows the first picture early; the steady length keeps the cost of seams low. */
const RAMP = [4, 8, 16] as const;
const STEADY = 30;
/** S3 takes 5 GiB in one PUT; the cap of the rate is no hard limit. */
const MAX_CHUNK_BYTES = 2.5 * 2 ** 30;

export const perSecond = (rate: Rational): number => rate.num / rate.den;

/** Segments of about two seconds. */
export const segmentFramesOf = (rate: Rational): number =>
  Math.max(1, Math.round(SEGMENT_SECONDS * perSecond(rate)));

/** What a copied picture's own keyframes may make of a segment, in seconds. */
const SEGMENT_RANGE = { least: 1.5, most: 4 } as const;

/** Lengths of segments (frames) to try for a picture that may be cut at `cuts` only: the usual one, then by nearness to it. */
export function segmentChoices(rate: Rational, cuts: Iterable<number>): number[] {
  const usual = segmentFramesOf(rate);
  const others: number[] = [];
  for (const frame of cuts) {
    const seconds = secondsAt(frame, rate);
    if (seconds > SEGMENT_RANGE.most) break;
    if (seconds >= SEGMENT_RANGE.least && frame !== usual) others.push(frame);
  }
  return [usual, ...others.sort((a, b) => Math.abs(a - usual) - Math.abs(b - usual))];
}

/** A point of the grid in seconds. */
export const secondsAt = (frame: number, rate: Rational): number => (frame * rate.den) / rate.num;

/** Usual chunk length in seconds: shorter where many workers would else have nothing to do. */
const steadyFor = (duration: number, workers: number) =>
  Math.max(8, Math.min(STEADY, duration / (2 * workers)));

/** Cuts the timeline into chunks of whole segments: 4, 8, 16, then about 30 s (less where `workers` would stand idle). */
export function cutChunks(grid: Plan["grid"], workers: number): Chunk[] {
  const steady = steadyFor(secondsAt(grid.totalFrames, grid.rate), workers);
  return cut(grid, (index) => Math.min(RAMP[index] ?? steady, Math.max(steady, RAMP[0])));
}

/**
 * As few chunks as an upload's size allows, for a source that is costly to enter in the middle: no object of a rendition
 * capped at `maxrate` bits per second passes half of what one PUT may hold.
 */
export function cutForSize(grid: Plan["grid"], maxrate: number): Chunk[] {
  return cut(grid, () => (MAX_CHUNK_BYTES * 8) / maxrate);
}

/**
 * Frames of the timeline for frames that end at `framesEnd` (seconds) of a source of `duration` (as `durationOf` gives it);
 * what lies between is filled with the last one.
 */
export function lengthOf(
  framesEnd: number,
  duration: number,
  rate: Rational,
): Pick<Plan["grid"], "totalFrames" | "heldFrames"> {
  const own = Math.max(1, Math.round(framesEnd * perSecond(rate)));
  const totalFrames = duration > framesEnd ? Math.max(own, Math.round(duration * perSecond(rate))) : own;
  return { totalFrames, heldFrames: totalFrames - own };
}

/** `secondsOf` gives the wanted length of each chunk. Held frames belong to the last one, which has the frame to hold. */
function cut(grid: Plan["grid"], secondsOf: (index: number) => number): Chunk[] {
  const own = grid.totalFrames - (grid.heldFrames ?? 0);
  const perSegment = secondsAt(grid.segmentFrames, grid.rate);
  const chunks: Chunk[] = [];
  let firstFrame = 0;
  for (let index = 0; ; index++) {
    const frames = Math.max(1, Math.round(secondsOf(index) / perSegment)) * grid.segmentFrames;
    const next = firstFrame + frames;
    const left = own - next;
    // A rest of less than half a chunk is not worth a task of its own; the last chunk goes to the end of the file.
    const last = left < Math.min(frames, grid.segmentFrames * 4) / 2;
    chunks.push({ index, firstFrame, frames: last ? null : frames });
    if (last) return chunks;
    firstFrame = next;
  }
}
