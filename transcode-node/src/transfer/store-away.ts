/**
 * The object store is away: it does not answer, or answers that it cannot now. That says nothing about a task:
 * transfers wait for it in place, and a task that has waited in vain is tried again without being counted.
 */
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { MediaFailure } from "../media/failure.ts";

/** How a transfer ends whose object store stays away. */
export class StoreAway extends MediaFailure {}

/** One try that the object store did not answer, or could not. */
export class Unanswered extends Error {}

/** What a fetch that rejects means. */
export function unanswered(error: unknown): never {
  throw new Unanswered("the object store did not answer", { cause: error });
}

/** A store that answers so refuses nobody: it cannot now. */
export const saysAway = (status: number): boolean => status >= 500 || status === 429;

/**
 * How long a transfer waits. Shorter than FFmpeg waits for our proxy (`-rw_timeout`) and may be without CPU
 * (`STALL_MS`), and twice within the shortest hard limit, that of a poster.
 */
const PATIENCE_MS = 240_000;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

export type Outage = {
  /** Something was transferred: the next outage is another one. */
  over(): void;
  /** Waits until the next try; false where it has been away for too long. Rejects on `signal`. */
  wait(signal: AbortSignal): Promise<boolean>;
};

/** The outages that one transfer meets, one after the other. */
export function outageOf(): Outage {
  let since: number | null = null;
  let longest = FIRST_WAIT_MS;
  return {
    over() {
      since = null;
      longest = FIRST_WAIT_MS;
    },
    async wait(signal) {
      since ??= performance.now();
      if (performance.now() - since >= PATIENCE_MS) return false;
      // Jitter: many workers that lost one storage node must not come back at the same time.
      await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal });
      longest = Math.min(LONGEST_WAIT_MS, 2 * longest);
      return true;
    },
  };
}
