/**
 * Every worker dies before each of its reports: the next attempt adopts the result, and the video is
 * complete.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { ended, type Person, playback, register, until, upload } from "./testing/account.ts";
import { countedClip, numbersOf } from "./testing/counted-clip.ts";
import { assertNothingLost } from "./testing/invariants.ts";
import { rowsOf } from "./testing/rows.ts";
import { type RunningStack, startStack } from "./testing/running-stack.ts";

/** One chunk, so four tasks: the supervisor gives up on a service that ends five times within a minute. */
const SECONDS = 6;
const RATE = 25;

let stack: RunningStack;
let ann: Person;
beforeAll(async () => {
  // An attempt that does its work dies before it reports; only one that adopts gets further.
  stack = await startStack({ STORAGEX_WORKERS: "1", CRASH_AT: "before_succeed" });
  ann = await register(() => stack.url);
});
afterAll(() => stack?.dispose());

test("no work is done twice: each task's rows are of an attempt that never reported", async () => {
  const id = await upload(ann, await countedClip(SECONDS, RATE, "640x360"), "film.mp4");
  const video = await until(ann, id, ended);
  expect(video.error).toBeNull();
  expect(video.status).toBe("completed");
  const { mp4 } = await playback(ann, id);
  expect(await numbersOf(mp4 ?? "")).toEqual(Array.from({ length: SECONDS * RATE }, (_, frame) => frame));

  const rows = await rowsOf(
    stack,
    `SELECT kind, attempt > 1 AS taken_over, interruptions > 0 AS lost, failures, (SELECT bool_and(o.attempt < tasks.attempt)
       FROM media_objects o WHERE o.video_id = tasks.video_id AND tasks.kind = 'encode' AND rendition NOT LIKE 'audio%') AS adopted
     FROM tasks ORDER BY kind`,
  );
  const row = { taken_over: true, lost: true, failures: 0, adopted: null };
  expect(rows).toEqual([
    { kind: "audio", ...row },
    { kind: "encode", ...row, adopted: true },
    { kind: "finish", ...row },
    { kind: "plan", ...row },
  ]);
  await assertNothingLost(stack);
});
