/** How long signed media URLs live: their start is rounded down to a window, so that every reload repeats the same URLs. */
import type { Config } from "../config.ts";
import type { Lifetime } from "./presign.ts";

const LONGEST = 12 * 3600;
/** Above the token's own end: a segment asked for at the last moment, and clocks that differ. */
const MARGIN = 300;
/** A changing value would break the shared URL. */
export const MEDIA_CACHE = "private, max-age=3600, immutable";

/** Seconds since the epoch. `issued` is a window's start; a token of it stands until `expires`. */
export type Span = { issued: number; expires: number };

/** The window that holds `now` (milliseconds) for a film of `duration` seconds. */
export function spanAt(config: Config, duration: number, now: number): Span {
  const short = config.STORAGEX_MEDIA_URL_SECONDS;
  const life = short > 0 ? short : Math.min(LONGEST, Math.ceil(2 * duration) + 3600);
  // With a shortened life a whole window on top of it would be the longer part.
  const window = Math.min(config.STORAGEX_WINDOW_SECONDS, Math.max(1, Math.floor(life / 4)));
  const issued = Math.floor(now / 1000 / window) * window;
  return { issued, expires: issued + window + life };
}

/** The signature's life for objects of that span: never dated into the future. */
export function mediaLife(config: Config, { issued, expires }: Span): Lifetime {
  const margin = config.STORAGEX_MEDIA_URL_SECONDS > 0 ? 0 : MARGIN;
  return { at: new Date(issued * 1000), expires: expires - issued + margin };
}
