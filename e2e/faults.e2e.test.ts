/**
 * Kills each service once in the middle of a transcode: the stack restarts it and the video still completes.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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
}, 300_000);
afterAll(() => stack?.dispose(), 60_000);

describe("kill -9 in the middle of a transcode", () => {
  test.each(["worker-1", "bridge", "workerd", "rabbitmq", "postgres", "s3", "sql-endpoint"])(
    "of %s",
    async (part) => {
      const before = await stack.pid(part);
      const id = await upload(ann, await film(), `${part}.mp4`);
      await until(ann, id, (video) => video.status === "processing" && video.progress > 0.05, 60);
      process.kill(before, "SIGKILL");
      const video = await until(ann, id, ended, 180);
      expect(video.error).toBeNull();
      expect(video.status).toBe("completed");
      expect(await stack.pid(part)).not.toBe(before);
      expect((await playback(ann, id)).state).toBe("complete");
    },
    240_000,
  );

  test("nothing is lost, nothing is left over", () => assertNothingLost(stack), 60_000);
});

test("kill -9 of the supervisor: started again, it has its data and ends what it began", async () => {
  const id = await upload(ann, await film(), "supervisor.mp4");
  await until(ann, id, (video) => video.status === "processing", 60);
  await stack.kill();
  await stack.restart();
  const video = await until(ann, id, ended, 180);
  expect(video.status).toBe("completed");
}, 400_000);

test("a restart signs nobody out and keeps everything", async () => {
  const id = await upload(ann, await clip(3, "640x360"), "kept.mp4");
  expect((await until(ann, id, ended, 60)).status).toBe("completed");
  await stack.stop();
  expect(stack.output()).toContain("StorageX stopped");
  await stack.restart();
  await ann.refresh();
  expect((await read(ann, id)).status).toBe("completed");
  const { mp4 } = await playback(ann, id);
  expect((await fetch(mp4 ?? "")).status).toBe(200);
}, 300_000);
