/**
 * A worker that dies between an object's PUT and its report leaves an object that no row names: the next
 * attempt does not need it.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { ended, type Person, playback, register, until, upload } from "./testing/account.ts";
import { countedClip, numbersOf } from "./testing/counted-clip.ts";
import { assertNothingLost } from "./testing/invariants.ts";
import { rowsOf } from "./testing/rows.ts";
import { type RunningStack, startStack } from "./testing/running-stack.ts";

const SECONDS = 6;
const RATE = 25;

/** Read at each start of the stack. */
const environment: Record<string, string> = { STORAGEX_WORKERS: "1", CRASH_AT: "after_put" };
let stack: RunningStack;
let ann: Person;
beforeAll(async () => {
  stack = await startStack(environment);
  ann = await register(() => stack.url);
});
afterAll(() => stack?.dispose());

/** Interruptions of the chunk so far. */
async function interruptions(id: string): Promise<number> {
  const rows = await rowsOf<{ count: number }>(
    stack,
    "SELECT interruptions AS count FROM tasks WHERE video_id = $1 AND kind = 'encode'",
    [id],
  );
  return rows[0]?.count ?? 0;
}

test("a crash after_put costs an attempt, and no frame", async () => {
  const id = await upload(ann, await countedClip(SECONDS, RATE, "640x360"), "film.mp4");
  await expect.poll(() => interruptions(id), { interval: 200 }).toBeGreaterThan(0);
  delete environment.CRASH_AT;
  await stack.stop();
  await stack.restart();
  const video = await until(ann, id, ended);
  expect(video.error).toBeNull();
  expect(video.status).toBe("completed");
  const { mp4 } = await playback(ann, id);
  expect(await numbersOf(mp4 ?? "")).toEqual(Array.from({ length: SECONDS * RATE }, (_, frame) => frame));
  await assertNothingLost(stack);
});
