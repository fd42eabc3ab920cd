/** Retries with growing, jittered waits, for calls to an API that may be restarting. */
import { setTimeout as delay } from "node:timers/promises";
import { ApiError } from "./api-error.ts";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/**
 * Calls `act` until it succeeds. Gives up (rejecting with the last error) on a permanent ApiError, when
 * `signal` aborts, or at `until` (milliseconds of `performance.now()`).
 */
export async function keepTrying<T>(
  act: () => Promise<T>,
  limits: { until: number; signal?: AbortSignal; onRetry?: (error: unknown) => void },
): Promise<T> {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(LONGEST_WAIT_MS, wait * 2)) {
    try {
      return await act();
    } catch (error) {
      const pause = wait * (0.5 + Math.random() / 2);
      const over = limits.signal?.aborted === true || performance.now() + pause > limits.until;
      if (over || (error instanceof ApiError && error.permanent)) throw error;
      limits.onRetry?.(error);
      await delay(pause, undefined, limits.signal ? { signal: limits.signal } : {}).catch(() => undefined);
    }
  }
}
