/** An outage is a state, not a failure: whether the server is reached, and calls that go on when it is again. */
import pRetry from "p-retry";
import { createSignal } from "solid-js";
import { ApiError } from "./api-error.ts";

const [reachable, setReachable] = createSignal(true);
const [waiting, setWaiting] = createSignal(0);
const [isStorageAway, setStorageAway] = createSignal(false);

/** Whether the last call reached the server. */
/** How many calls wait for the end of an outage. */
/** Of those: whether the last one waits for the storage, not for the server. */
export { isStorageAway, reachable, waiting };

const wake = new EventTarget();

/** Milliseconds; doubled with each attempt. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

/** Answers of a server, or of what stands before it, that is away for now. */
const AWAY: ReadonlySet<number> = new Set([0, 429, 502, 503, 504]);

/** Records that a call reached the server, or did not. */
export function noteReached(isReached: boolean): void {
  setReachable(isReached);
}

/** Everything that waits for the end of an outage tries again at once. */
export function tryNow(): void {
  wake.dispatchEvent(new Event("wake"));
}

/** Listens to the browser's own knowledge of the network; returns a function that stops it. */
export function followNetwork(): () => void {
  const ended = new AbortController();
  window.addEventListener("online", tryNow, { signal: ended.signal });
  window.addEventListener("offline", () => setReachable(false), { signal: ended.signal });
  return () => ended.abort();
}

/**
 * Repeats `call` until it is answered: for as long as the network or the server is away, and while nobody is
 * signed in. Throws every other error at once. The signal ends the waiting, and its reason is thrown; an answer that
 * comes after it is an answer all the same, because what it made is there.
 */
export function throughOutages<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const attempt = () => {
    signal?.throwIfAborted();
    return call();
  };
  // Not given the signal: p-retry would drop such an answer.
  return pRetry(attempt, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 0,
    async onFailedAttempt({ error, attemptNumber }) {
      signal?.throwIfAborted();
      const session = error instanceof ApiError && error.status === 401;
      if (!session && !isOutage(error)) throw error;
      setStorageAway(error instanceof UnreachedError);
      setWaiting((count) => count + 1);
      try {
        // Without a session only signing in helps, and that wakes.
        const wait = session ? undefined : Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attemptNumber - 1));
        await pause(wait, signal);
      } finally {
        setWaiting((count) => count - 1);
      }
    },
  });
}

/** Whether the error says that something is away, and not that it refuses. */
function isOutage(error: unknown): boolean {
  if (error instanceof ApiError) return AWAY.has(error.status);
  return error instanceof UnreachedError;
}

/** Something else than the API was not reached: the object store. */
export class UnreachedError extends Error {}

/** Resolves after `milliseconds` (undefined: never), when woken, or when the signal ends. */
export function pause(milliseconds: number | undefined, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      wake.removeEventListener("wake", done);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = milliseconds === undefined ? undefined : setTimeout(done, milliseconds);
    if (signal?.aborted) return done();
    wake.addEventListener("wake", done);
    signal?.addEventListener("abort", done);
  });
}
