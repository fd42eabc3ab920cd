/** Parses caption files in small steps, one at a time, with pauses: parsing blocks the isolate. */
import { problem } from "../problem/problem.ts";
import { makeTurns } from "../turns.ts";

/** Cost of one character, including the pause after it. Measured at half of this. */
const MS_PER_CHARACTER = 0.002;
/** Ten files of the largest size. */
const MAX_LINE_MS = 18_000;

const turns = makeTurns({ rest: 1, pollMs: 2, maxStepMs: 1_000 });

/**
 * Runs `steps` over a text of `length` characters. Throws what they throw, and `captions.too_often` if the
 * queue is too long.
 */
export async function inSteps<T>(steps: Generator<undefined, T>, length: number): Promise<T> {
  const wait = turns.lineMs();
  if (wait > MAX_LINE_MS) throw problem("captions.too_often", { retryAfter: wait / 1000 });
  // Files are parsed interleaved, step by step. The queue only measures how much is left to parse.
  turns.take(length * MS_PER_CHARACTER);
  for (;;) {
    const { value: step } = await turns.run(() => steps.next());
    if (step.done) return step.value;
  }
}
