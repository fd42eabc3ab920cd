/**
 * The frame grid of a video: its rate, its segments and its chunks. All counted in frames, never in seconds.
 */
import type { Chunk, Plan, Rational } from "@storagex/contract/tasks/plan";

const SEGMENT_SECONDS = 2;
/**
 * Seconds: short first chunks show the first frame early; the longer steady length keeps the fixed cost per
 * chunk low.
 */
const RAMP = [4, 8, 16] as const;
const STEADY = 30;
/** Of a source that is still uploaded: a chunk begins when its last byte is there, and meanwhile the machine waits. */
const STEADY_UPLOADING = 16;
/** So near the end of such a source chunks are shorter still: what waits for the last byte delays the video. */
const NEAR_END = { left: 80, steady: 8 } as const;
/** Share of a chunk's length by which it may be shorter or longer. */
const PLAY = 1 / 4;
/** Seconds of decoding that are worth another length than the usual one. */
const WORTH = 0.5;
/** S3 accepts 5 GiB in one PUT; the bitrate cap is no hard limit. */
const MAX_CHUNK_BYTES = 2.5 * 2 ** 30;

export const perSecond = (rate: Rational): number => rate.num / rate.den;

/** Segments of about two seconds. */
export const segmentFramesOf = (rate: Rational): number =>
  Math.max(1, Math.round(SEGMENT_SECONDS * perSecond(rate)));

/** The range of segment lengths that a copied video's own keyframes may result in, in seconds. */
const SEGMENT_RANGE = { min: 1.5, max: 4 } as const;

/**
 * Segment lengths (frames) to try for a video that may be cut only at `cuts`: the usual one first, then the
 * nearest to it.
 */
export function segmentChoices(rate: Rational, cuts: Iterable<number>): number[] {
  const usual = segmentFramesOf(rate);
  const others: number[] = [];
  for (const frame of cuts) {
    const seconds = secondsAt(frame, rate);
    if (seconds > SEGMENT_RANGE.max) break;
    if (seconds >= SEGMENT_RANGE.min && frame !== usual) others.push(frame);
  }
  return [usual, ...others.sort((a, b) => Math.abs(a - usual) - Math.abs(b - usual))];
}

/** A point of the grid in seconds. */
export const secondsAt = (frame: number, rate: Rational): number => (frame * rate.den) / rate.num;

/** Usual chunk length in seconds: shorter where many workers would otherwise idle. */
const steadyFor = (duration: number, workers: number, longest: number) =>
  Math.max(8, Math.min(longest, duration / (2 * workers)));

/**
 * Divides the timeline into chunks of whole segments: 4, 8, 16, then about 30 s (less where some of `workers`
 * would idle, and while the source is uploaded), and at the end each a half or a third of what is left: what
 * arrives last is encoded soon, by all workers. Each ends, of the places near that, where the next one has least to
 * decode before its first frame: `decodedFrom` is the second from which a chunk that begins at a second is decoded.
 */
export function cutChunks(
  grid: Plan["grid"],
  {
    workers,
    isUploading,
    decodedFrom,
  }: { workers: number; isUploading: boolean; decodedFrom?: (seconds: number) => number },
): Chunk[] {
  const longest = isUploading ? STEADY_UPLOADING : STEADY;
  const steady = steadyFor(secondsAt(grid.totalFrames, grid.rate), workers, longest);
  // Of a short video, or with many workers, the end is near anyway.
  const shortest = steady < longest ? RAMP[1] : RAMP[0];
  const share = isUploading ? 3 : 2;
  const longestAt = (left: number) =>
    isUploading && left <= NEAR_END.left ? Math.min(steady, NEAR_END.steady) : steady;
  return cut(
    grid,
    (index, left) => Math.min(RAMP[index] ?? Math.max(left / share, shortest), longestAt(left)),
    decodedFrom,
  );
}

/**
 * Chunks for a source that is expensive to enter in the middle: 4, 8, 16 seconds and always twice as long, so
 * that all together decode it two to three times. No object of a rendition capped at `maxrate` bits per
 * second exceeds half of the limit of one PUT.
 */
export function cutDoubling(grid: Plan["grid"], maxrate: number): Chunk[] {
  const longest = (MAX_CHUNK_BYTES * 8) / maxrate;
  return cut(grid, (index) => Math.min(RAMP[0] * 2 ** index, longest));
}

/**
 * Number of frames on the timeline for frames that end at `framesEnd` (seconds) of a source of `duration`
 * (from `durationOf`); the last frame fills the rest.
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

/** Of `usual` and the numbers near it the one with the least cost (seconds), the nearest of equal ones. */
function leastNear(usual: number, costOf: (segments: number) => number): number {
  let best = { segments: usual, cost: costOf(usual) };
  for (let away = 1; away <= usual * PLAY; away++)
    for (const segments of [usual + away, usual - away]) {
      const cost = costOf(segments);
      if (cost < best.cost - WORTH) best = { segments, cost };
    }
  return best.segments;
}

/**
 * `secondsOf` gives the target length of each chunk, from its index and the seconds that are left. Held frames belong to the last chunk, which has the
 * frame to repeat.
 */
function cut(
  grid: Plan["grid"],
  secondsOf: (index: number, left: number) => number,
  decodedFrom = (seconds: number): number => seconds,
): Chunk[] {
  const own = grid.totalFrames - (grid.heldFrames ?? 0);
  const perSegment = secondsAt(grid.segmentFrames, grid.rate);
  const chunks: Chunk[] = [];
  let firstFrame = 0;
  for (let index = 0; ; index++) {
    const start = firstFrame;
    const left = own - start;
    // A rest of less than half a chunk is not worth a separate task; the last chunk extends to the end of the
    // file.
    const isLast = (frames: number) => left - frames < Math.min(frames, grid.segmentFrames * 4) / 2;
    const usual = Math.max(1, Math.round(secondsOf(index, secondsAt(left, grid.rate)) / perSegment));
    const segments = leastNear(usual, (count) => {
      const frames = count * grid.segmentFrames;
      const seconds = secondsAt(start + frames, grid.rate);
      return isLast(frames) ? 0 : seconds - decodedFrom(seconds);
    });
    const frames = segments * grid.segmentFrames;
    const last = isLast(frames);
    chunks.push({ index, firstFrame, frames: last ? null : frames });
    if (last) return chunks;
    firstFrame += frames;
  }
}
