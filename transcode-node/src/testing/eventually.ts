/** Waits in tests for what another process does. */
import { setTimeout as delay } from "node:timers/promises";

/**
 * Resolves with the first value of `look` that is neither null nor false; throws after `withinMs`, with
 * `what` in the message.
 */
export async function eventually<T>(
  what: string,
  look: () => T | null | false | Promise<T | null | false>,
  withinMs = 30_000,
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== false) return seen;
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await delay(25);
  }
}
