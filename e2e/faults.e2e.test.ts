/**
 * Kills each service once in the middle of a transcode: the stack restarts it and the video still completes.
 */
import type { VideoDetail } from "@storagex/contract/videos/video";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ended, type Person, playback, read, register, until, upload } from "./testing/account.ts";
import { clip } from "./testing/clips.ts";
import { assertNothingLost } from "./testing/invariants.ts";
import { type RunningStack, startStack } from "./testing/running-stack.ts";

/** Four chunks, and enough frames that a service is killed before they are done. */
const film = () => clip(30, "640x360");

let stack: RunningStack;
let ann: Person;

beforeAll(async () => {
  stack = await startStack();
  ann = await register(() => stack.url);
});
afterAll(() => stack?.dispose());

/** The worker comes last: what a dead one held waits for its lease, and nothing would run meanwhile. */
const SERVICES = ["bridge", "workerd", "rabbitmq", "postgres", "s3", "sql-endpoint", "worker-1"];

const isInTheMiddle = ({ status, progress }: VideoDetail) =>
  status === "processing" && progress > 0.05 && progress < 0.7;

/** Waits until the last video is in the middle of its transcode; uploads another where that is past. */
async function transcoding(ids: string[]): Promise<void> {
  for (;;) {
    const last = ids.at(-1);
    const video = last && (await until(ann, last, (seen) => ended(seen) || isInTheMiddle(seen)));
    if (video && !ended(video)) return;
    ids.push(await upload(ann, await film(), `film-${ids.length}.mp4`));
  }
}

const isReady = () =>
  fetch(`${stack.url}/readyz`).then(
    ({ status }) => status === 200,
    () => false,
  );

test("each service is killed in the middle of a transcode: it comes back, and every video is complete", async () => {
  const ids: string[] = [];
  for (const service of SERVICES) {
    await transcoding(ids);
    const before = await stack.pid(service);
    process.kill(before, "SIGKILL");
    await expect.poll(() => stack.pid(service), { message: service }).not.toBe(before);
    await expect.poll(isReady, { message: `ready after ${service}` }).toBe(true);
  }
  for (const id of ids) {
    expect((await until(ann, id, ended)).error).toBeNull();
    expect((await playback(ann, id)).state).toBe("complete");
  }
  await assertNothingLost(stack);
});

test("kill -9 of the supervisor: started again, it has its data and ends what it began", async () => {
  const id = await upload(ann, await film(), "supervisor.mp4");
  await until(ann, id, (video) => video.status === "processing");
  await stack.kill();
  await stack.restart();
  const video = await until(ann, id, ended);
  expect(video.status).toBe("completed");
});

test("a restart signs nobody out and keeps everything", async () => {
  const id = await upload(ann, await clip(3, "640x360"), "kept.mp4");
  expect((await until(ann, id, ended)).status).toBe("completed");
  await stack.stop();
  expect(stack.output()).toContain("StorageX stopped");
  await stack.restart();
  await ann.refresh();
  expect((await read(ann, id)).status).toBe("completed");
  const { mp4 } = await playback(ann, id);
  expect((await fetch(mp4 ?? "")).status).toBe(200);
});
