/** The error by which a check reports that something is missing or wrong. */

/** Its message is for an operator to read. Errors of any other kind only mean that there was no answer. */
export class Missing extends Error {}

/** Above this difference leases and signatures cannot be judged correctly. */
const SKEW_SECONDS = 60;

/** Throws `Missing` if another clock, in seconds since the epoch, differs from ours by a minute or more. */
export function requireSameClock(whose: string, theirs: number): void {
  const skew = Math.round(theirs - Date.now() / 1_000);
  if (Math.abs(skew) >= SKEW_SECONDS) {
    throw new Missing(`the clock of the ${whose} is ${skew} s from the Worker's: set both by NTP`);
  }
}
