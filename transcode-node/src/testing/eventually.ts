/** Waits in tests for what another process does. */
import { setTimeout as delay } from "node:timers/promises";

/**
 * Resolves with the first value of `check` that is neither null nor false; throws after `withinMs`, with
 * `what` in the message. The limit only ends a hanging test: a busy machine needs a minute to start a process.
 */
export async function eventually<T>(
  what: string,
  check: () => T | null | false | Promise<T | null | false>,
  withinMs = 120_000,
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const seen = await check();
    if (seen !== null && seen !== false) return seen;
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await delay(25);
  }
}
