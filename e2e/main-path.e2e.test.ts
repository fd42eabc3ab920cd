/** The main path on real services: upload to playback, for the owner alone, by URLs that expire. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { usageSchema } from "@storagex/contract/accounts/usage";
import type { VideoDetail } from "@storagex/contract/videos/video";
import { beforeAll, describe, expect, test } from "vitest";
import {
  ended,
  expectJson,
  me,
  type Person,
  playback,
  problemOf,
  read,
  register,
  until,
  upload,
} from "./testing/account.ts";
import { cameraClip, chaptered, clip, screenClip } from "./testing/clips.ts";
import type { Stack } from "./testing/running-stack.ts";
import { sharedStack } from "./testing/shared-stack.ts";

const run = promisify(execFile);

/** ffprobe of a URL, as an independent player sees it. */
async function probe(address: string) {
  const { stdout } = await run(
    "ffprobe",
    ["-v", "error", "-count_packets", "-show_streams", "-show_format", "-of", "json", address],
    { maxBuffer: 32 * 1024 * 1024 },
  );
  const parsed: { streams: Record<string, string>[]; format: Record<string, string> } = JSON.parse(stdout);
  return parsed;
}

let stack: Stack;
let ann: Person;
let clipId: string;
let video: VideoDetail;

beforeAll(async () => {
  stack = await sharedStack();
  ann = await register(() => stack.url);
  clipId = await upload(ann, await clip(10), "holiday.mp4");
  video = await until(ann, clipId, ended);
  expect(video).toMatchObject({ status: "completed", error: null });
});

describe("a 10-second clip", () => {
  test("has its facts, renditions and poster", async () => {
    expect(video).toMatchObject({ progress: 1, playable: true, title: "holiday" });
    expect([video.width, video.height]).toEqual([1280, 720]);
    expect(video.duration).toBeCloseTo(10, 0);
    expect(video.renditions.map((rendition) => rendition.name)).toEqual(["720p", "480p", "360p"]);
    expect(video.completedAt).not.toBeNull();
    const poster = await fetch(video.poster ?? "");
    expect(poster.status).toBe(200);
    expect(new Uint8Array(await poster.arrayBuffer()).subarray(0, 2)).toEqual(new Uint8Array([0xff, 0xd8]));
  });

  test("plays as HLS in every rendition with all its frames", async () => {
    const { hls, state } = await playback(ann, clipId);
    expect(state).toBe("complete");
    const seen = await probe(hls);
    const pictures = seen.streams.filter((stream) => stream.codec_type === "video");
    expect(pictures.map((stream) => `${stream.width}x${stream.height}`).sort()).toEqual([
      "1280x720",
      "640x360",
      "854x480",
    ]);
    for (const stream of pictures) expect(Number(stream.nb_read_packets)).toBe(250);
    expect(seen.streams.some((stream) => stream.codec_name === "aac")).toBe(true);
  });

  test("is in its owner's usage of the day: stored, encoded, and what was played of it", async () => {
    const { hls } = await playback(ann, clipId);
    const played = {
      session: "an-hour-ago",
      played: [[0, 9]],
      stalls: 0,
      stallMs: 0,
      height: 720,
      ended: false,
    };
    const answer = await fetch(new URL("beat", hls), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(played),
    });
    expect(answer.status).toBe(204);
    const today = async () =>
      usageSchema.parse(await expectJson(await ann.call("GET", "/v1/usage"), 200)).days.at(-1);
    await expect.poll(async () => (await today())?.watchedMinutes).toBe(0.15);
    const day = await today();
    expect(day?.sourceBytes).toBe(video.size);
    expect(day?.renditionBytes).toBeGreaterThan(0);
    expect(day?.encodedMinutes).toBeCloseTo((video.duration ?? 0) / 60, 3);
  });

  test("plays as one MP4 that starts at once", async () => {
    const { mp4 } = await playback(ann, clipId);
    const seen = await probe(mp4 ?? "");
    expect(seen.streams.map((stream) => stream.codec_name).sort()).toEqual(["aac", "h264"]);
    expect(Number(seen.format.duration)).toBeCloseTo(10, 0);
    const head = await fetch(mp4 ?? "", { headers: { range: "bytes=0-4095" } });
    expect(head.status).toBe(206);
    expect(await head.text()).toContain("moov");
  });

  test("has a storyboard whose pictures are there", async () => {
    const { storyboard } = await playback(ann, clipId);
    const vtt = await (await fetch(storyboard ?? "")).text();
    expect(vtt.startsWith("WEBVTT")).toBe(true);
    const image = /https?:\S+/.exec(vtt)?.[0]?.replace(/#xywh.*/, "") ?? "";
    expect((await fetch(image)).status).toBe(200);
  });

  test("counts its bytes to its owner", async () => {
    const { storage } = await me(ann);
    expect(storage.used).toBeGreaterThan(0);
    expect(storage.reserved).toBe(0);
  });
});

describe("nobody else", () => {
  test("reads, plays or deletes it", async () => {
    const bob = await register(() => stack.url);
    for (const [method, path] of [
      ["GET", `/v1/videos/${clipId}`],
      ["GET", `/v1/videos/${clipId}/playback`],
      ["DELETE", `/v1/videos/${clipId}`],
      ["POST", `/v1/videos/${clipId}/retry`],
    ] as const) {
      const answer = await bob.call(method, path);
      expect(answer.status).toBe(404);
      expect((await problemOf(answer)).code).toBe("video.not_found");
    }
    expect((await read(ann, clipId)).status).toBe("completed");
  });

  test("gets a byte by an altered address, and storage refuses everybody anonymous", async () => {
    const { hls, mp4 } = await playback(ann, clipId);
    expect((await fetch(hls.replace(/\/play\/(.{8})/, "/play/AAAAAAAA"))).status).toBe(403);
    const address = new URL(mp4 ?? "");
    const signature = address.searchParams.get("X-Amz-Signature") ?? "";
    address.searchParams.set(
      "X-Amz-Signature",
      signature.replace(/^./, (c) => (c === "0" ? "1" : "0")),
    );
    expect((await fetch(address)).status).toBe(403);
    address.search = "";
    for (const method of ["GET", "PUT", "DELETE", "HEAD"])
      expect((await fetch(address, { method })).status).toBe(403);
  });
});

test.each([
  ["a camera's clip, turned", cameraClip, [1080, 1920]],
  ["a screen recording of odd size and varying rate", screenClip, null],
] as const)("%s is completed and plays", async (_, make, size) => {
  const id = await upload(ann, await make());
  const made = await until(ann, id, ended);
  expect(made.error).toBeNull();
  if (size) expect([made.width, made.height]).toEqual(size);
  expect(made.renditions.map((rendition) => rendition.name)).toContain("720p");
  const { hls } = await playback(ann, id);
  expect((await probe(hls)).streams.length).toBeGreaterThan(0);
});

test("a file's chapters are the video's until others are set, and a deletion can be undone", async () => {
  const id = await upload(ann, await chaptered(), "chapters.mp4");
  const video = await until(ann, id, ended);
  expect([video.status, video.chapters]).toEqual([
    "completed",
    [
      { start: 0, title: "Arrival" },
      { start: 1.5, title: "Chapter 2" },
    ],
  ]);
  const chapters = [{ start: 2, title: "Mine" }];
  expect((await ann.call("PATCH", `/v1/videos/${id}`, { chapters })).status).toBe(200);
  expect((await ann.call("DELETE", `/v1/videos/${id}?undo=600`)).status).toBe(204);
  expect((await ann.call("GET", `/v1/videos/${id}`)).status).toBe(404);
  expect((await ann.call("POST", `/v1/videos/${id}/restore`)).status).toBe(200);
  expect((await until(ann, id, ended)).chapters).toEqual(chapters);
  const { hls } = await playback(ann, id);
  expect((await fetch(hls ?? "")).status).toBe(200);
});

test("a deleted video is gone for everybody, with its objects", async () => {
  const id = await upload(ann, await clip(3, "640x360"));
  expect((await until(ann, id, ended)).status).toBe("completed");
  const { mp4 } = await playback(ann, id);
  expect((await fetch(mp4 ?? "")).status).toBe(200);
  expect((await ann.call("DELETE", `/v1/videos/${id}`)).status).toBe(204);
  expect((await ann.call("GET", `/v1/videos/${id}`)).status).toBe(404);
  await expect.poll(async () => (await fetch(mp4 ?? "")).status).toBe(404);
  const page = await expectJson(await ann.call("GET", "/v1/videos"), 200);
  expect(JSON.stringify(page)).not.toContain(id);
});
