/**
 * Ten videos, each with the worker of a chunk killed in the middle: every frame is there, and each video has
 * one finish.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ended, type Person, playback, read, register, until, upload } from "./testing/account.ts";
import { countedClip, numbersOf } from "./testing/counted-clip.ts";
import { assertNothingLost } from "./testing/invariants.ts";
import { rowsOf } from "./testing/rows.ts";
import { type RunningStack, startStack } from "./testing/running-stack.ts";

const VIDEOS = 10;
const SECONDS = 12;
const RATE = 25;
/**
 * The supervisor gives up on a service that ends five times within a minute: three workers suffice for ten
 * deaths.
 */
const KILLS_A_MINUTE = 4;

let stack: RunningStack;
let ann: Person;
/** When each worker was killed. */
const kills = new Map<string, number[]>();

beforeAll(async () => {
  stack = await startStack({ STORAGEX_WORKERS: "3" });
  ann = await register(() => stack.url);
});
afterAll(() => stack?.dispose());

const lately = (worker: string) => (kills.get(worker) ?? []).filter((at) => Date.now() - at < 61_000).length;

/** Waits until each worker may be killed again: a fast machine finishes a video before the minute is over. */
async function workForKills(): Promise<void> {
  while ([...kills.keys()].some((worker) => lately(worker) >= KILLS_A_MINUTE)) await sleep(200);
}

/** Interruptions of one task, of the five that fail it: a slow machine has one in work while others come and go. */
const BEARABLE = 3;

/** Whether the worker is at work on a task that may well not bear another interruption. */
async function isSpared(worker: string): Promise<boolean> {
  const tired = await rowsOf<{ id: string }>(
    stack,
    "SELECT id FROM tasks WHERE state = 'running' AND worker = $1 AND interruptions >= $2 LIMIT 1",
    [worker, BEARABLE],
  );
  return tired.length > 0;
}

/**
 * Kills the worker that is in the middle of one of the video's chunks; false when the video has ended before
 * that.
 */
async function killTheWorkerOf(id: string): Promise<boolean> {
  for (;;) {
    const video = await read(ann, id);
    if (ended(video)) return false;
    const [running] = (video.processing?.chunks ?? [])
      .filter(
        ({ state, worker, progress }) =>
          state === "running" && worker && progress < 0.8 && lately(worker) < KILLS_A_MINUTE,
      )
      .sort((a, b) => lately(a.worker ?? "") - lately(b.worker ?? ""));
    if (running?.worker && !(await isSpared(running.worker))) {
      process.kill(await stack.pid(running.worker), "SIGKILL");
      kills.set(running.worker, [...(kills.get(running.worker) ?? []), Date.now()]);
      return true;
    }
    await sleep(30);
  }
}

/** How many of each video's chunks needed a second attempt. */
async function retakenChunks(): Promise<Map<string, number>> {
  const rows = await rowsOf<{ video: string; chunks: string }>(
    stack,
    "SELECT video_id AS video, count(*) AS chunks FROM tasks WHERE kind = 'encode' AND attempt > 1 GROUP BY 1",
  );
  return new Map(rows.map(({ video, chunks }) => [video, Number(chunks)]));
}

test("ten videos lose no frame to ten killed workers", async () => {
  const clip = await countedClip(SECONDS, RATE, "640x360");
  const ids: string[] = [];
  for (let n = 0; n < VIDEOS; n++) {
    await workForKills();
    const id = await upload(ann, clip, `film-${n}.mp4`);
    expect(await killTheWorkerOf(id), `film-${n} was still being encoded`).toBe(true);
    ids.push(id);
  }
  const every = Array.from({ length: SECONDS * RATE }, (_, frame) => frame);
  for (const id of ids) {
    const video = await until(ann, id, ended);
    expect(video.error).toBeNull();
    const { mp4 } = await playback(ann, id);
    expect(await numbersOf(mp4 ?? "")).toEqual(every);
  }
  const retaken = await retakenChunks();
  expect(ids.map((id) => (retaken.get(id) ?? 0) > 0)).toEqual(ids.map(() => true));
});

test("one finish each, nothing lost, nothing left over", () => assertNothingLost(stack));
