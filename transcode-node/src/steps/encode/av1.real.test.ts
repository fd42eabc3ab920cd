/** AV1 beside H.264: the same grid, the same checks, frame for frame. */
import { readFile } from "node:fs/promises";
import type { MediaObject } from "@storagex/contract/tasks/report";
import { expect, test } from "vitest";
import { aac, fixture, picture, tone, x264 } from "../../testing/fixtures.ts";
import { countersOf } from "../../testing/read-frames.ts";
import { startStore } from "../../testing/store.ts";
import { encode, joined, plan, type Walk } from "../../testing/walk.ts";

test("a video that wants AV1 gets it beside H.264, cut at the same frames", async () => {
  await using store = await startStore();
  const args = [...picture("30000/1001", 10, "192x108"), ...tone(10), ...x264, "-g", "60", ...aac];
  store.put("source", await readFile(await fixture("av1-source.mp4", args)));
  const walk: Walk = { store, key: "source", av1: true };
  const made = await plan(walk);
  expect(made.rungs.map((rung) => [rung.name, rung.codec])).toEqual([
    ["108p", "h264"],
    ["108p-av1", "av1"],
  ]);
  const objects: MediaObject[] = [];
  for (const chunk of made.chunks) objects.push(...(await encode(walk, made, chunk.index)));
  const of = (rendition: string) => objects.filter((object) => object.rendition === rendition);
  expect(of("108p-av1").length).toBe(made.chunks.length);
  expect(new Set(of("108p-av1").map((object) => object.initHash)).size).toBe(1);
  expect(of("108p-av1")[0]?.codecs).toMatch(/^av01\.0\.\d\dM\.08$/);
  const segments = (rendition: string) =>
    of(rendition).flatMap((object) => object.segments.map(({ duration }) => duration));
  expect(segments("108p-av1")).toEqual(segments("108p"));
  const counters = await countersOf(joined(walk, of("108p-av1")));
  expect(counters).toEqual(counters.map((_, frame) => frame));
  expect(counters).toHaveLength(300);
});
