/** Zero and length of a source's timeline. */
import { expect, test } from "vitest";
import type { ProbedStream } from "../source/probe.ts";
import { durationOf, originOf, startOf } from "./timeline.ts";

const stream = (start_time?: number): ProbedStream => ({
  ...{ index: 0, disposition: {}, tags: {}, side_data_list: [] },
  ...(start_time === undefined ? {} : { start_time }),
});

test.each([
  ["the earliest start", [stream(1.48), stream(1.4)], 1.4],
  ["a start before the container's zero", [stream(0), stream(-0.5)], -0.5],
  ["the start of the streams that say one", [stream(), stream(100)], 100],
  ["zero where none says one", [stream()], 0],
])("a source begins at %s", (_, streams, start) => {
  expect(startOf(streams)).toBe(start);
});

test("a video lasts until its frames and its longest audio have ended", () => {
  expect(durationOf(3, [20, 2, undefined])).toBe(20);
  expect(durationOf(3, [3.06])).toBe(3);
  expect(durationOf(3, [])).toBe(3);
});

test.each([
  ["the frames' own where they come first", 1.4, 1.4, 1.4],
  ["whole frames before the first one where audio does", 1.4, 2, 1.4],
  ["a little before the audio where it begins within a frame", 1.4, 1.47, 1.39],
  ["the first frame's where audio leads by what its encoder begins with", 1.4, 1.4213, 1.4213],
  ["before the container's zero", -0.5, 0, -0.48],
])("on the grid: %s", (_, start, framesStart, origin) => {
  expect(originOf(start, framesStart, { num: 25, den: 1 })).toBeCloseTo(origin, 6);
});
