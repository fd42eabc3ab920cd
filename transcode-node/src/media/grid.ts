/** The frame grid of a video: its rate, its segments and its chunks. All counted in frames, never in seconds. */
import type { Chunk, Plan, Rational } from "@storagex/contract/task";

const STANDARD: readonly Rational[] = [
  { num: 24000, den: 1001 },
  { num: 24, den: 1 },
  { num: 25, den: 1 },
  { num: 30000, den: 1001 },
  { num: 30, den: 1 },
  { num: 50, den: 1 },
  { num: 60000, den: 1001 },
  { num: 60, den: 1 },
];
const SNAP = 0.001;
const MAX_RATE = 60;
/** Slots per frame that a variable source may get at most to keep its clock. */
const MAX_STRETCH = 2;
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

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
const reduced = ({ num, den }: Rational): Rational => {
  const by = gcd(num, den);
  return { num: num / by, den: den / by };
};

/** A numerator that a track's timescale and FFmpeg's arithmetic take easily; an odd rate moves by less than 0.0005 frames a second. */
const MAX_NUMERATOR = 100_000;
const handy = (rate: Rational): Rational => {
  const { num, den } = reduced(rate);
  return num <= MAX_NUMERATOR ? { num, den } : reduced({ num: Math.round((1000 * num) / den), den: 1000 });
};

const halved = (rate: Rational): Rational => {
  let { num, den } = rate;
  while (num / den > MAX_RATE * (1 + SNAP)) den *= 2;
  return handy({ num, den });
};

/** The nearest standard rate, within 0.1 % (24 and 23.976 are closer than that to each other). */
function standardNear(rate: Rational): Rational | undefined {
  const off = (standard: Rational) => Math.abs(perSecond(standard) / perSecond(rate) - 1);
  const nearest = STANDARD.reduce((a, b) => (off(b) < off(a) ? b : a));
  return off(nearest) < SNAP ? nearest : undefined;
}

/**
 * The grid's rate. A constant rate between 1 and 60 stays as it is (snapped to a standard rate only within 0.1 %), above
 * 60 it is halved. A variable one keeps its own clock where that is a standard rate and most of its ticks have a frame, else
 * it becomes the nearest standard rate that is not below its average.
 */
export function gridRate(rates: { real: Rational | null; average: Rational | null }): {
  rate: Rational;
  variable: boolean;
} {
  const { real, average } = rates;
  const known = average ?? real;
  if (!known) return { rate: { num: 30, den: 1 }, variable: true };
  const constant =
    real !== null && average !== null && Math.abs(perSecond(real) / perSecond(average) - 1) < SNAP;
  if (constant && perSecond(average) >= 1) {
    const rate = halved(real);
    return { rate: standardNear(rate) ?? rate, variable: false };
  }
  // Frames that stand on a standard clock with holes between them (30 with pauses) keep their clock: no judder.
  const clock = real && perSecond(real) <= MAX_RATE * (1 + SNAP) ? standardNear(real) : undefined;
  if (clock && average && perSecond(clock) <= MAX_STRETCH * perSecond(average))
    return { rate: clock, variable: true };
  const wanted = halved(known);
  const above = STANDARD.find((standard) => perSecond(standard) >= perSecond(wanted));
  return { rate: standardNear(wanted) ?? above ?? { num: 60, den: 1 }, variable: true };
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
