/**
 * Sources with few frames (slides, an idle screen): a grid that does not encode hours of repeated frames, or
 * a refusal.
 */
import type { Rational } from "@storagex/contract/tasks/plan";
import { MediaFailure } from "../failure.ts";
import type { SourceProbe } from "../index/facts.ts";
import { countFrames } from "../index/keyframes.ts";
import { perSecond } from "./grid.ts";

/** Seconds; a shorter source may show each frame for any time. */
const LONG = 600;
/**
 * Max slots of the grid for each frame of a long source: beyond it, nearly all encoded frames are repeats.
 */
const MAX_REPEATS = 30;
/** Frames a second; changes are shown with an error of at most a quarter of a second. */
const MIN_RATE = 2;
/** Max frames of a still image (a cover, a title) whose audio continues for long. */
const MAX_STILLS = 30;
/** Bytes a second: half of what the most efficient speech codecs use. */
const MIN_AUDIO_RATE = 250;
/** Max mean seconds of a frame in a source of more than an hour: beyond it the file is no real recording. */
const MAX_STANDING = 600;
const HOUR = 3600;
/**
 * Bytes a second below which a file without a table may be sparse: such a file is read completely once, to
 * count its frames.
 */
const THIN = 30_000;

/**
 * Frames of the source: from its own table, or counted where its bitrate is low; null where the source is
 * short or of unknown duration, or where its bitrate shows that it is not sparse.
 */
export async function frameCount(
  known: { count?: number; duration: number | null; size: number },
  work: SourceProbe,
): Promise<number | null> {
  if (known.count !== undefined) return known.count;
  const { duration, size } = known;
  if (duration === null || duration <= LONG || size / duration > THIN) return null;
  return countFrames(work);
}

/**
 * `framesEnd` and `duration` (including audio that continues without frames) in seconds, `size` of the file
 * in bytes.
 */
type Extent = { framesEnd: number; duration: number; size: number };

/**
 * The grid's rate for a source of `frames` frames (null = unknown): `rate`, or a lower integer rate where a
 * long source has few frames. Throws `source.too_sparse`.
 */
export function rateForFrames(rate: Rational, frames: number | null, extent: Extent): Rational {
  const { framesEnd, duration, size } = extent;
  if (duration <= LONG) return rate;
  // A few packets far away from the others are no audio that justifies repeating a frame.
  if (duration > framesEnd && size < MIN_AUDIO_RATE * duration)
    throw new MediaFailure("source.too_sparse", `${size} bytes in ${duration} s`);
  const shown = Math.min(frames ?? Number.POSITIVE_INFINITY, framesEnd * perSecond(rate));
  if (duration - framesEnd > LONG && shown <= MAX_STILLS) return { num: MIN_RATE, den: 1 };
  if (frames === null || framesEnd <= LONG || frames * MAX_REPEATS >= framesEnd * perSecond(rate))
    return rate;
  const standing = framesEnd / Math.max(1, frames);
  if (framesEnd > HOUR && standing > MAX_STANDING)
    throw new MediaFailure("source.too_sparse", `${frames} frames in ${framesEnd} s`);
  const num = Math.max(MIN_RATE, Math.floor(MAX_REPEATS / standing));
  return num < perSecond(rate) ? { num, den: 1 } : rate;
}
