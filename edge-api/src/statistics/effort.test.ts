/** Effort: sums that are null if a value is unknown, elapsed times, and a limited number of spans. */
import { MAX_POINTS } from "@storagex/contract/videos/statistics";
import { expect, test } from "vitest";
import { spansOf, stagesOf, type Work } from "./effort.ts";

const encode = (index: number, more: Partial<Work> = {}): Work => ({
  kind: "encode",
  index,
  firstFrame: index * 100,
  cpuSeconds: 3,
  wallSeconds: 2,
  startedAt: 100 + index,
  finishedAt: 102 + index,
  ...more,
});
const RATE = { num: 25, den: 1 };

test("a stage adds its tasks up, and is as fast as all of them together", () => {
  expect(stagesOf([encode(0), encode(1)], 8)).toEqual([
    { stage: "encode", tasks: 2, cpuSeconds: 6, wallSeconds: 4, elapsedSeconds: 3, speed: 8 / 3 },
  ]);
});

test("a task of an older release leaves the sum unknown, not smaller", () => {
  const [stage] = stagesOf([encode(0), encode(1, { cpuSeconds: null, wallSeconds: null })], 8);
  expect(stage).toMatchObject({ cpuSeconds: null, wallSeconds: null, elapsedSeconds: 3 });
});

test("a span is a chunk, the last one to the real end", () => {
  const spans = spansOf([encode(0), encode(1, { wallSeconds: 1 })], RATE, 7.5);
  expect(spans).toEqual([
    { from: 0, to: 4, cpuSeconds: 3, wallSeconds: 2, speed: 2 },
    { from: 4, to: 7.5, cpuSeconds: 3, wallSeconds: 1, speed: 3.5 },
  ]);
});

test("many chunks are shown by some together", () => {
  const count = 2 * MAX_POINTS + 1;
  const work = Array.from({ length: count }, (_, index) => encode(index));
  const spans = spansOf(work, RATE, count * 4);
  expect(spans).toHaveLength(Math.ceil(count / 3));
  expect(spans[0]).toEqual({ from: 0, to: 12, cpuSeconds: 9, wallSeconds: 6, speed: 2 });
  expect(spans.at(-1)?.to).toBe(count * 4);
});
