/** The checks before an upload: each fault that FFmpeg can hide behind exit code 0 is detected. */

import type { Plan } from "@storagex/contract/tasks/plan";
import { expect, test } from "vitest";
import { checkChunk } from "./check.ts";
import type { Cut, CutFile } from "./fragments.ts";

const rate = { num: 30_000, den: 1001 };
const plan = { grid: { rate, segmentFrames: 60, totalFrames: 600, preRoll: 1 } } as Plan;
const chunk = { index: 1, firstFrame: 120, frames: 120 };

const segment = (n: number, samples = 60): Cut => ({
  offset: 800 + n * 100,
  length: 100,
  decodeTime: (120 + n * 60) * 1001,
  samples,
  duration: samples * 1001,
  firstOffset: 0,
});
const file = (segments: Cut[], timescale = 30_000): CutFile => ({
  init: { length: 800, hash: "0".repeat(64), timescale, codecs: "avc1.64001f", defaultDuration: 1001 },
  segments,
  size: 1000,
});
const good = () => [segment(0), segment(1)];
const judge = (segments: Cut[], of = chunk as { index: number; firstFrame: number; frames: number | null }) =>
  checkChunk([file(segments)], { plan, chunk: of });

test("a whole chunk is good", () => {
  expect(judge(good())).toEqual({ outcome: "good" });
});

test("missing frames are the source's or the storage's fault", () => {
  expect(judge([segment(0), segment(1, 59)]).outcome).toBe("short");
  expect(judge([]).outcome).toBe("short");
});

test.each([
  ["too many frames", [segment(0), segment(1), segment(2)]],
  ["tfdt from zero", good().map((each) => ({ ...each, decodeTime: each.decodeTime - 120_120 }))],
  ["tfdt a frame late", good().map((each) => ({ ...each, decodeTime: each.decodeTime + 1001 }))],
  ["a first frame off its tfdt", [{ ...segment(0), firstOffset: 2002 }, segment(1)]],
  ["a keyframe off the grid", [segment(0, 50), { ...segment(1, 70), decodeTime: 170 * 1001 }]],
  ["a wrong duration", [{ ...segment(0), duration: 60_059 }, segment(1)]],
])("%s is the encoder's fault", (_, segments) => {
  expect(judge(segments).outcome).toBe("invalid");
});

test("rungs must agree, and count in the grid's ticks", () => {
  expect(checkChunk([file(good()), file([segment(0)])], { plan, chunk }).outcome).toBe("invalid");
  expect(checkChunk([file(good(), 15_360)], { plan, chunk }).outcome).toBe("invalid");
});

test("the last chunk ends where the file does, within half a second of what was probed", () => {
  const last = { index: 3, firstFrame: 120, frames: null };
  const of = (total: number) => ({ ...plan, grid: { ...plan.grid, totalFrames: total } });
  const judged = (total: number) => checkChunk([file(good())], { plan: of(total), chunk: last }).outcome;
  expect([240, 254, 230].map(judged)).toEqual(["good", "good", "good"]);
  expect(judged(257)).toBe("short");
});
