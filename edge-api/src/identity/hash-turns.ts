/**
 * One hash at a time, and time for others between: each of a hash's slices stops the isolate, so hashing is done in turns. A turn
 * is only a moment, nothing to give back: a request that is cancelled while it waits leaves nothing locked.
 */
import { problem } from "../http/problem.ts";

const LONGEST_LINE_MS = 6_000;
/** Late turns (a busy machine) are waited for; then the client had better come back. */
const LONGEST_WAIT_MS = 12_000;
/** How long others have the isolate after a hash, as a share of the hash's own time. */
const REST = 0.5;
const POLL_MS = 25;
/** Held while a hash runs and is measured; only a request that is cancelled in that moment lets it pass. */
const LONGEST_HASH_MS = 2_000;

/** What a hash and its rest take, as last measured. */
let slotMs = 160;
/** The end of the line. */
let nextFree = 0;
let restUntil = 0;

/** Throws `auth.too_many_attempts` where the line is too long: ask before anything is written for a hash to come. */
export function requireShortLine(): void {
  const wait = nextFree - Date.now();
  if (wait > LONGEST_LINE_MS) throw tooMany(wait);
}

/** Runs `hash` when it is this request's turn. Throws `auth.too_many_attempts` where the line is too long. */
export async function inTurn<T>(hash: () => Promise<T>): Promise<T> {
  requireShortLine();
  const arrived = Date.now();
  const turn = Math.max(arrived, nextFree);
  nextFree = turn + slotMs;
  await sleep(turn - arrived);
  while (Date.now() < restUntil) {
    if (Date.now() - arrived > LONGEST_WAIT_MS) throw tooMany(LONGEST_LINE_MS);
    await sleep(POLL_MS);
  }
  const began = Date.now();
  restUntil = began + LONGEST_HASH_MS;
  const result = await hash();
  const ended = Date.now();
  const rest = (ended - began) * REST;
  slotMs = Math.max(POLL_MS, ended - began + rest);
  restUntil = ended + rest;
  nextFree = Math.max(nextFree, restUntil);
  return result;
}

function tooMany(waitMs: number): Error {
  return problem("auth.too_many_attempts", { retryAfter: waitMs / 1_000 });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
