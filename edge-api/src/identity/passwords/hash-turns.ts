/** Runs one password hash at a time, with pauses for other requests: each slice blocks the isolate. */
import { problem } from "../../problem/problem.ts";
import { makeTurns, sleep } from "../../turns.ts";

const LONGEST_LINE_MS = 6_000;
/** Longest wait when turns run late (a busy machine). After this the client is asked to retry. */
const LONGEST_WAIT_MS = 12_000;
const POLL_MS = 25;

const turns = makeTurns({ rest: 0.5, pollMs: POLL_MS, maxStepMs: 2_000 });
/** Duration of a hash and the pause after it, as last measured. */
let slotMs = 160;

/** Throws `auth.too_many_attempts` if the queue is too long. Call it before writing anything for the hash. */
export function requireShortLine(): void {
  const wait = turns.lineMs();
  if (wait > LONGEST_LINE_MS) throw tooMany(wait);
}

/** Runs `hash` when it is this request's turn. Throws `auth.too_many_attempts` if the queue is too long. */
export async function inTurn<T>(hash: () => Promise<T>): Promise<T> {
  requireShortLine();
  const arrived = Date.now();
  await sleep(turns.take(slotMs));
  const isLate = () => (Date.now() - arrived > LONGEST_WAIT_MS ? tooMany(LONGEST_LINE_MS) : undefined);
  const { value, ms } = await turns.run(hash, isLate);
  slotMs = Math.max(POLL_MS, ms);
  return value;
}

function tooMany(waitMs: number): Error {
  return problem("auth.too_many_attempts", { retryAfter: waitMs / 1_000 });
}
