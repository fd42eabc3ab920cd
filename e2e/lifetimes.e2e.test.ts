/** URLs expire on time: the stack runs with lifetimes of seconds. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Person, playback, register, ticket, until, upload } from "./testing/account.ts";
import { clip } from "./testing/clips.ts";
import { type RunningStack, startStack } from "./testing/running-stack.ts";

const LIFE_SECONDS = 8;
const WINDOW_SECONDS = 2;
/**
 * With a configured lifetime, media URLs end with their token: the five minutes beyond it apply to the
 * default only.
 */
let stack: RunningStack;
let ann: Person;

beforeAll(async () => {
  stack = await startStack({
    STORAGEX_MEDIA_URL_SECONDS: String(LIFE_SECONDS),
    STORAGEX_WINDOW_SECONDS: String(WINDOW_SECONDS),
    STORAGEX_PART_URL_SECONDS: "2",
  });
  ann = await register(() => stack.url);
}, 300_000);
afterAll(() => stack?.dispose(), 60_000);

test("a playback link works, then dies; a fresh one works on", async () => {
  const id = await upload(ann, await clip(3, "640x360"));
  await until(ann, id, (video) => video.status === "completed");
  const first = await playback(ann, id);
  expect((await fetch(first.hls)).status).toBe(200);
  await sleep(new Date(first.expiresAt).getTime() - Date.now() + 1500);
  const dead = await fetch(first.hls);
  expect(dead.status).toBe(403);
  expect(await dead.text()).toContain("playback.token_invalid");
  expect((await fetch((await playback(ann, id)).hls)).status).toBe(200);
}, 240_000);

test("a part URL dies", async () => {
  const granted = await ticket(ann, "late.mp4", 1000);
  await sleep(3500);
  const put = await fetch(granted.upload.parts[0]?.url ?? "", { method: "PUT", body: new Uint8Array(1000) });
  expect(put.status).toBe(403);
}, 30_000);
