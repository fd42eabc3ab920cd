/** What a check says when a part is not as it must be. */

/** Its message is for an operator to read; errors of other kinds only mean that there was no answer. */
export class Missing extends Error {}

/** Past this, leases and signatures would be judged by clocks that do not agree. */
const SKEW_SECONDS = 60;

/** Throws `Missing` where another clock, in seconds since the epoch, is a minute or more from ours. */
export function requireSameClock(whose: string, theirs: number): void {
  const skew = Math.round(theirs - Date.now() / 1_000);
  if (Math.abs(skew) >= SKEW_SECONDS) {
    throw new Missing(`the clock of the ${whose} is ${skew} s from the Worker's: set both by NTP`);
  }
}
