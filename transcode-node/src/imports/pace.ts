/** The times that an import keeps, by a clock that tests drive. All in milliseconds. */
import { setTimeout as delay } from "node:timers/promises";

export type Clock = {
  now(): number;
  /** Ends after `ms`, or when `signal` aborts. Never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
};

export const realClock: Clock = {
  now: () => performance.now(),
  wait: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
};

/** From the request to the head of the answer, redirects included. */
export const HEAD_MS = 30_000;
/** In this time a server sends `MIN_BYTES` at least; otherwise it is too slow to wait for. */
export const LULL_MS = 60_000;
export const MIN_BYTES = 64 * 1024;
/** Between two reports of what has come; the lease lasts much longer. */
export const REPORT_MS = 2_000;
/** After this long an import is handed back, so that others that wait come on. */
export const TURN_MS = 3_600_000;
