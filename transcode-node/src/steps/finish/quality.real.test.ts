/** Quality as `finish` measures it: of every rendition, frame by frame, and never a reason to fail. */
import { readFile } from "node:fs/promises";
import type { CutPlan } from "@storagex/contract/tasks/plan";
import type { MediaObject } from "@storagex/contract/tasks/report";
import { expect, test } from "vitest";
import { fixture, picture, x264 } from "../../testing/fixtures.ts";
import { type Store, startStore } from "../../testing/store.ts";
import { encode, finish, outputKey, plan, type Walk } from "../../testing/walk.ts";

const SIZE = "320x180";
const RATE = "30000/1001";
/** Lossless, so that every difference comes from our encode. */
const source = (...filters: string[]) =>
  fixture("quality.mkv", [...picture(RATE, 10, SIZE), ...filters, ...x264, "-crf", "0", "-g", "300"]);

async function walkOf(store: Store): Promise<Walk> {
  store.put("source", await readFile(await source()));
  return { store, key: "source", av1: true };
}

async function encoded(walk: Walk, made: CutPlan): Promise<MediaObject[]> {
  const objects: MediaObject[] = [];
  for (const chunk of made.chunks) objects.push(...(await encode(walk, made, chunk.index)));
  return objects;
}

const likeness = (done: Awaited<ReturnType<typeof finish>>, name: string) =>
  done.quality.find(({ rendition }) => rendition === name)?.ssim ?? Number.NaN;

test("every rendition is measured, a coarser one is less like the source, and a shift of one frame shows", async () => {
  await using store = await startStore();
  const walk = await walkOf(store);
  const planned = await plan(walk);
  expect(planned.chunks.length).toBeGreaterThan(1);
  const [good, modern] = planned.rungs;
  if (!good || !modern) throw new Error("no rungs");
  const half = { ...good, name: "90p", width: 160, height: 90 };
  const made = { ...planned, rungs: [good, modern, half, { ...half, name: "90p-coarse", crf: 45 }] };
  const video = await encoded(walk, made);
  // The first frame, and one in the middle of the last chunk.
  const places = [0, (made.chunks.at(-1)?.firstFrame ?? 0) + made.grid.segmentFrames];
  const done = await finish(walk, made, video, [], places);
  expect(done.quality.map(({ rendition }) => rendition)).toEqual(made.rungs.map(({ name }) => name));
  for (const name of [good.name, modern.name, half.name]) {
    expect(likeness(done, name), name).toBeGreaterThan(0.93);
    expect(likeness(done, name), name).toBeLessThan(1);
  }
  expect(likeness(done, "90p-coarse")).toBeLessThan(likeness(done, half.name) - 0.05);

  // The same renditions beside a source that runs one frame ahead: each place shows whether frames are paired
  // exactly.
  const ahead = await source("-vf", "trim=start_frame=1,setpts=PTS-STARTPTS");
  store.put("source", await readFile(ahead));
  for (const place of places) {
    const late = await finish(walk, made, video, [], [place]);
    expect(likeness(late, good.name)).toBeLessThan(likeness(done, good.name) - 0.02);
  }
});

test("a segment that cannot be read leaves its sample out, and the video is made all the same", async () => {
  await using store = await startStore();
  const walk = await walkOf(store);
  const made = await plan(walk);
  const video = await encoded(walk, made);
  const broken = video.find(({ rendition, index }) => rendition.endsWith("-av1") && index === 0);
  if (!broken) throw new Error("no AV1");
  store.put(outputKey(walk, broken.name), Buffer.alloc(broken.size, 0x55));
  const [, second] = made.chunks;
  const done = await finish(walk, made, video, [], [0, second?.firstFrame ?? 0]);
  expect(done.quality).toHaveLength(2);
  const none = await finish(walk, made, video, [], [0]);
  expect(none.quality).toEqual([]);
  expect(none.posters.length).toBeGreaterThan(0);
});
