/** Lifetime of signed media URLs. It starts at a window's start, so that reloads repeat the same URLs. */
import type { Config } from "../config.ts";
import type { Lifetime } from "./presign.ts";

const LONGEST = 12 * 3600;
/** Added to the token's own end, for a segment requested at the last second and for clocks that differ. */
const MARGIN = 300;
/** Constant, because it is part of the signed URL. */
export const MEDIA_CACHE = "private, max-age=3600, immutable";

/** Seconds since the epoch. `issued` is the start of a window; its tokens are valid until `expires`. */
export type Span = { issued: number; expires: number };

/** The window that contains `now` (milliseconds), for a video of `duration` seconds. */
export function spanAt(config: Config, duration: number, now: number): Span {
  const short = config.STORAGEX_MEDIA_URL_SECONDS;
  const life = short > 0 ? short : Math.min(LONGEST, Math.ceil(2 * duration) + 3600);
  // If the lifetime is shortened, a whole window would be longer than the lifetime itself.
  const window = Math.min(config.STORAGEX_WINDOW_SECONDS, Math.max(1, Math.floor(life / 4)));
  const issued = Math.floor(now / 1000 / window) * window;
  return { issued, expires: issued + window + life };
}

/** The signature's lifetime for objects of that span. Never dated in the future. */
export function mediaLife(config: Config, { issued, expires }: Span): Lifetime {
  const margin = config.STORAGEX_MEDIA_URL_SECONDS > 0 ? 0 : MARGIN;
  return { at: new Date(issued * 1000), expires: expires - issued + margin };
}
