/** Sources of few pictures (slides, a screen that rests): a grid that does not encode hours of held pictures, or a refusal. */
import type { Rational } from "@storagex/contract/task";
import { MediaFailure } from "./failure.ts";
import { perSecond } from "./grid.ts";
import { countPictures } from "./keyframes.ts";
import type { Probed, ProbeTools } from "./probe.ts";

/** Seconds; a shorter source may hold its pictures for as long as it likes. */
const LONG = 600;
/** Slots of the grid for each picture of a long source: beyond it, what is encoded is held pictures and little else. */
const MAX_HELD = 30;
/** A second; changes are shown at most a quarter of a second off. */
const LEAST_RATE = 2;
/** Seconds a picture stands on average in a source of more than an hour: beyond it the file is no recording of anything. */
const MAX_STANDING = 600;
const HOUR = 3600;
/** Bytes a second below which a file without a table may be so: there, all of it is read once to count. */
const THIN = 30_000;

/**
 * Pictures of the source: as its own table says, or counted where the file is thin; null where it is long and thick enough
 * to be what it seems.
 */
export async function pictureCount(
  known: { count?: number; duration: number | null; size: number },
  work: { tools: ProbeTools; url: string; probed: Probed },
): Promise<number | null> {
  if (known.count !== undefined) return known.count;
  const { duration, size } = known;
  if (duration === null || duration <= LONG || size / duration > THIN) return null;
  return countPictures(work);
}

/**
 * The grid's rate for `pictures` (null = not known) over `duration` seconds: `rate`, or a lower one of whole frames where a
 * long source has few of them. Throws `source.too_sparse`.
 */
export function rateForPictures(rate: Rational, pictures: number | null, duration: number): Rational {
  if (pictures === null || duration <= LONG || pictures * MAX_HELD >= duration * perSecond(rate)) return rate;
  const standing = duration / Math.max(1, pictures);
  if (duration > HOUR && standing > MAX_STANDING)
    throw new MediaFailure("source.too_sparse", `${pictures} pictures in ${duration} s`);
  const num = Math.max(LEAST_RATE, Math.floor(MAX_HELD / standing));
  return num < perSecond(rate) ? { num, den: 1 } : rate;
}
