/** Sources of few pictures (slides, a screen that rests): a grid that does not encode hours of held pictures, or a refusal. */
import type { Rational } from "@storagex/contract/tasks/task";
import { MediaFailure } from "../failure.ts";
import type { SourceProbe } from "../index/facts.ts";
import { countFrames } from "../index/keyframes.ts";
import { perSecond } from "./grid.ts";

/** Seconds; a shorter source may hold its pictures for as long as it likes. */
const LONG = 600;
/** Slots of the grid for each picture of a long source: beyond it, what is encoded is held pictures and little else. */
const MAX_REPEATS = 30;
/** A second; changes are shown at most a quarter of a second off. */
const MIN_RATE = 2;
/** Frames of a still (a cover, a title) whose audio goes on for long. */
const MAX_STILLS = 30;
/** Bytes a second: half of what the thriftiest speech codecs take. */
const MIN_AUDIO_RATE = 250;
/** Seconds a picture stands on average in a source of more than an hour: beyond it the file is no recording of anything. */
const MAX_STANDING = 600;
const HOUR = 3600;
/** Bytes a second below which a file without a table may be so: there, all of it is read once to count. */
const THIN = 30_000;

/**
 * Pictures of the source: as its own table says, or counted where the file is thin; null where it is long and thick enough
 * to be what it seems.
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

/** `framesEnd` and `duration` (audio that goes on without frames included) in seconds, `size` of the file in bytes. */
type Extent = { framesEnd: number; duration: number; size: number };

/**
 * The grid's rate for `pictures` (null = not known): `rate`, or a lower one of whole frames where a long source has few of
 * them. Throws `source.too_sparse`.
 */
export function rateForFrames(rate: Rational, pictures: number | null, extent: Extent): Rational {
  const { framesEnd, duration, size } = extent;
  if (duration <= LONG) return rate;
  // A few packets far away from the others are no audio to hold a frame for.
  if (duration > framesEnd && size < MIN_AUDIO_RATE * duration)
    throw new MediaFailure("source.too_sparse", `${size} bytes in ${duration} s`);
  const shown = Math.min(pictures ?? Number.POSITIVE_INFINITY, framesEnd * perSecond(rate));
  if (duration - framesEnd > LONG && shown <= MAX_STILLS) return { num: MIN_RATE, den: 1 };
  if (pictures === null || framesEnd <= LONG || pictures * MAX_REPEATS >= framesEnd * perSecond(rate))
    return rate;
  const standing = framesEnd / Math.max(1, pictures);
  if (framesEnd > HOUR && standing > MAX_STANDING)
    throw new MediaFailure("source.too_sparse", `${pictures} pictures in ${framesEnd} s`);
  const num = Math.max(MIN_RATE, Math.floor(MAX_REPEATS / standing));
  return num < perSecond(rate) ? { num, den: 1 } : rate;
}
