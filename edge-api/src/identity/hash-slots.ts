/**
 * One hash at a time, and time for others between: hashing stops the isolate, so it is done by appointment.
 * An appointment is only a moment: a request that is cancelled while it waits leaves nothing locked.
 */
import { problem } from "../http/problem.ts";

/** A hash and a pause about a third as long. */
const SLOT_MS = 150;
const LONGEST_WAIT_MS = 6_000;

let nextFree = 0;

/** Waits for this request's turn to hash. Throws `auth.too_many_attempts` where the line is too long. */
export async function takeHashSlot(now: number = Date.now()): Promise<void> {
  const turn = Math.max(now, nextFree);
  const wait = turn - now;
  if (wait > LONGEST_WAIT_MS) throw problem("auth.too_many_attempts", { retryAfter: wait / 1_000 });
  nextFree = turn + SLOT_MS;
  await new Promise((resolve) => setTimeout(resolve, wait));
}
