/** Video whose packets mostly have no timestamp: every frame at its own time. */
import { readFile } from "node:fs/promises";
import type { CutPlan } from "@storagex/contract/tasks/plan";
import { expect, test } from "vitest";
import { fewTimes } from "../testing/few-times.ts";
import { fixture, picture, tone, x264 } from "../testing/fixtures.ts";
import { countersOf } from "../testing/read-frames.ts";
import { startStore } from "../testing/store.ts";
import { encode, joined, plan, type Walk } from "../testing/walk.ts";

/** Two chunks: the second is decoded from the start too, because only so its frames can be counted. */
const SECONDS = 10;
const RATE = 30;
/** Bytes of a transport stream's packet. */
const PACKET = 188;
const FRAMES = SECONDS * RATE;
const MP2 = ["-c:a", "mp2", "-g", "30"];
const hevc = (bFrames: number) => [
  ...["-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-crf", "18"],
  // Without times of its own: only the container's timestamps show the rate.
  ...["-x265-params", `vui-timing-info=0:bframes=${bFrames}:keyint=30:log-level=error`],
];
const B_FRAMES = [...x264, "-preset", "veryfast", "-bf", "3"];
/** A second of frames is missing from the middle; what follows begins with a timestamp. */
const HOLE = ["-force_key_frames", "4", "-bsf:v", "noise=drop=between(n\\,90\\,119)"];

const clip = async (name: string, codec: string[], more: string[] = []): Promise<Buffer> =>
  readFile(
    await fixture(name, [...picture(String(RATE), SECONDS), ...tone(SECONDS), ...codec, ...MP2, ...more]),
  );

const counted = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

/** The numbers of the frames of the top rendition, of all chunks. */
async function encodedFrames(walk: Walk, made: CutPlan): Promise<number[]> {
  const objects = [];
  for (const { index } of made.chunks) objects.push(...(await encode(walk, made, index)));
  const top = objects.filter(({ rendition }) => rendition === made.rungs[0]?.name);
  return countersOf(joined(walk, top));
}

type Case = [name: string, bytes: () => Promise<Buffer>, frames: number[]];

test.each<Case>([
  ["H.264 in a program stream", async () => fewTimes(await clip("p.vob", x264), 4), counted(0, FRAMES)],
  [
    "reordered H.264 in a program stream",
    async () => fewTimes(await clip("b.vob", B_FRAMES), 4),
    counted(0, FRAMES),
  ],
  [
    "reordered H.264 in a transport stream",
    async () => fewTimes(await clip("b.ts", B_FRAMES), 15),
    counted(0, FRAMES),
  ],
  ["HEVC without a rate", async () => fewTimes(await clip("h.ts", hevc(3)), 15), counted(0, FRAMES)],
  ["a single timestamp", async () => fewTimes(await clip("b.ts", B_FRAMES), 10_000), counted(0, FRAMES)],
  [
    "a hole, at the rate that the codec declares",
    async () => fewTimes(await clip("hole.ts", [...x264, "-bf", "0"], HOLE), 6),
    [...counted(0, 90), ...Array.from({ length: 30 }, () => 89), ...counted(120, FRAMES)],
  ],
])("%s: every frame at its time", async (_, bytes, frames) => {
  await using store = await startStore();
  store.put("film", await bytes());
  const walk: Walk = { store, key: "film" };
  const made = await plan(walk);
  expect(made.source.frameRate).toEqual({ num: RATE, den: 1 });
  expect(made.source.duration).toBeCloseTo(SECONDS, 1);
  expect(made.chunks).toHaveLength(2);
  expect(await encodedFrames(walk, made)).toEqual(frames);
});

test("a recording that begins between two keyframes: the frames keep their distance to the audio", async () => {
  const whole = await clip("open.ts", [...B_FRAMES, "-x264-params", "open-gop=1"]);
  const from = Math.floor(whole.length / PACKET / 20) * PACKET;
  const begins = async (bytes: Buffer) => {
    await using store = await startStore();
    store.put("film", bytes);
    const walk: Walk = { store, key: "film" };
    const made = await plan(walk);
    return { origin: made.source.origin, frames: await encodedFrames(walk, made) };
  };
  const cut = whole.subarray(from);
  const [few, all] = [await begins(fewTimes(cut, 9)), await begins(cut)];
  expect(few.frames).toEqual(all.frames);
  expect(few.origin).toBeCloseTo(all.origin ?? 0, 3);
});
