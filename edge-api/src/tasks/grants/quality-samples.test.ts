/** Quality samples: their positions on the timeline. */
import { expect, test } from "vitest";
import { sampleFrames } from "./quality-samples.ts";

const gridOf = (totalFrames: number, preRoll = 1) => ({
  rate: { num: 25, den: 1 },
  segmentFrames: 50,
  totalFrames,
  preRoll,
});

test("samples lie on segment borders inside the video, each once", () => {
  expect(sampleFrames(gridOf(3000), 4)).toEqual([500, 1500, 2500]);
  expect(sampleFrames(gridOf(120), 2)).toEqual([0, 50]);
  expect(sampleFrames(gridOf(10), 1)).toEqual([0]);
});

test("a long source that is decoded from its start, or of one chunk, is sampled near it", () => {
  expect(sampleFrames(gridOf(90_000, 3600), 10)).toEqual([250, 750, 1250]);
  expect(sampleFrames(gridOf(90_000), 1)).toEqual([250, 750, 1250]);
});
