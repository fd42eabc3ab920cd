/** Tries again what an outage has stopped. */
import { ProblemError } from "../problem-error.ts";
import { within } from "./within.ts";

/** Waits before the next tries, in milliseconds: three and a half minutes altogether. */
const WAITS = [500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 30_000, 60_000, 60_000];
/** An API call without an answer for this long is given up and tried again. Milliseconds. */
const CALL_WITHIN = 60_000;

/** Who is to wait longer is told so instead. Seconds; a minute is what the limit of calls asks for. */
const MAX_RETRY_AFTER = 60;

/** The server was not reached, or answered nothing. */
export class UnreachedError extends Error {
  override name = "UnreachedError";
}

/** Resolves after so many milliseconds; rejects with the signal's reason. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", end);
      resolve();
    }, milliseconds);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

/**
 * Calls `act` until it succeeds, or fails with what another try does not mend, or has failed eleven times.
 * `mayPass` says whether another try may succeed.
 */
export async function persist<T>(
  act: () => Promise<T>,
  mayPass: (error: unknown) => boolean,
  signal: AbortSignal,
): Promise<T> {
  for (const wait of WAITS) {
    signal.throwIfAborted();
    try {
      return await act();
    } catch (error) {
      signal.throwIfAborted();
      if (!mayPass(error)) throw error;
      const asked = error instanceof ProblemError ? (error.retryAfter ?? 0) * 1_000 : 0;
      await pause(Math.max(asked, wait * (0.75 + Math.random() / 2)), signal);
    }
  }
  return act();
}

/** A call of the API, through outages and 429s. `call` is given a signal of its own for each try. */
export function callApi<T>(call: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  return persist(
    () => within(CALL_WITHIN, signal, call),
    (error) => {
      if (error instanceof ProblemError) {
        if ((error.retryAfter ?? 0) > MAX_RETRY_AFTER) return false;
        const { status, code } = error;
        return status >= 500 || status === 429 || code === "request.idempotency_running";
      }
      // `fetch` rejects with a TypeError, a timeout with its own DOMException.
      return error instanceof TypeError || (error instanceof Error && error.name === "TimeoutError");
    },
    signal,
  );
}
