/** Reads files of captions in small steps, one at a time, with time for others after each: reading stops the isolate. */
import { problem } from "../problem/problem.ts";
import { makeTurns } from "../turns.ts";

/** What a character costs, with the rest after it; measured at half of that. */
const MS_PER_CHARACTER = 0.002;
/** Ten files of the largest size. */
const MAX_LINE_MS = 18_000;

const turns = makeTurns({ rest: 1, pollMs: 2, maxStepMs: 1_000 });

/** Runs `steps` over a text of `length` characters. Throws what they throw; `captions.too_often` where the line is too long. */
export async function inSteps<T>(steps: Generator<undefined, T>, length: number): Promise<T> {
  const wait = turns.lineMs();
  if (wait > MAX_LINE_MS) throw problem("captions.too_often", { retryAfter: wait / 1000 });
  // Files are read side by side, step by step: the line only says how much there is to read.
  turns.take(length * MS_PER_CHARACTER);
  for (;;) {
    const { value: step } = await turns.run(() => steps.next());
    if (step.done) return step.value;
  }
}
