/**
 * Reads files of captions in small steps, one at a time, with time for others after each: reading stops the isolate. As with
 * hashes (identity/hash-turns.ts) a turn is only a time, so that a cancelled request leaves nothing locked.
 */
import { problem } from "../http/problem.ts";

/** What a character costs, with the rest after it; measured at half of that. */
const MS_PER_CHARACTER = 0.002;
/** Ten files of the largest size. */
const MAX_LINE_MS = 18_000;
/** How long others have the isolate after a step, as a share of the step's own time. */
const REST = 1;
const POLL_MS = 2;
/** Held while a step runs; only a request that is cancelled within it lets this pass. */
const MAX_STEP_MS = 1_000;

/** The end of the line. */
let nextFree = 0;
let restUntil = 0;

/** Runs `steps` over a text of `length` characters. Throws what they throw; `captions.too_often` where the line is too long. */
export async function inSteps<T>(steps: Generator<undefined, T>, length: number): Promise<T> {
  const arrived = Date.now();
  const begin = Math.max(arrived, nextFree);
  const wait = begin - arrived;
  if (wait > MAX_LINE_MS) throw problem("captions.too_often", { retryAfter: wait / 1000 });
  nextFree = begin + length * MS_PER_CHARACTER;
  for (;;) {
    while (Date.now() < restUntil) await sleep(POLL_MS);
    const began = Date.now();
    restUntil = began + MAX_STEP_MS;
    try {
      const { value, done } = steps.next();
      if (done) return value;
    } finally {
      // The Worker's clock stands still while it computes: a timer lets it go on.
      await sleep(0);
      const ended = Date.now();
      restUntil = ended + (ended - began) * REST;
    }
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
