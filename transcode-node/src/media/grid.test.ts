/** The frame grid: which rate a source gets, and how its timeline is cut. */

import type { Rational } from "@storagex/contract/task";
import { describe, expect, test } from "vitest";
import { cutChunks, cutForSize, gridRate, perSecond, secondsAt, segmentFramesOf } from "./grid.ts";

const of = (num: number, den = 1): Rational => ({ num, den });
const constant = (num: number, den = 1) => gridRate({ real: of(num, den), average: of(num, den) });

const grid = (seconds: number, rate = of(25)) => ({
  rate,
  segmentFrames: segmentFramesOf(rate),
  totalFrames: Math.round(seconds * perSecond(rate)),
  preRoll: 1,
});

describe("rate", () => {
  test.each([
    ["standard", of(25), of(25)],
    ["NTSC", of(30000, 1001), of(30000, 1001)],
    ["within 0.1 % of a standard rate: snapped", of(2997, 100), of(30000, 1001)],
    ["10 fps stays", of(10), of(10)],
    ["26.777 fps stays", of(26777, 1000), of(26777, 1000)],
    ["1 fps stays", of(1), of(1)],
    ["60 stays", of(60), of(60)],
    ["120 is halved", of(120), of(60)],
    ["119.88 is halved", of(120000, 1001), of(60000, 1001)],
    ["240 is halved twice", of(240), of(60)],
    ["90 becomes 45", of(90), of(45)],
  ])("%s", (_, source, expected) => {
    expect(constant(source.num, source.den)).toEqual({ rate: expected, variable: false });
  });

  test.each([
    ["phone, 29.6 on average", of(30), of(296, 10), of(30)],
    ["30 with pauses", of(30), of(18), of(30)],
    ["no clock, 29.6 on average", of(90000), of(296, 10), of(30000, 1001)],
    ["screen recording, 17 on average", of(60), of(17), of(24000, 1001)],
    ["a clock of 90000", of(90000), of(24), of(24)],
    ["less than one a second", of(1, 2), of(1, 2), of(24000, 1001)],
    ["faster than 60 on average", of(240), of(200), of(50)],
  ])("variable: %s", (_, real, average, expected) => {
    expect(gridRate({ real, average })).toEqual({ rate: expected, variable: true });
  });

  test("unknown is 30", () => {
    expect(gridRate({ real: null, average: null })).toEqual({ rate: of(30), variable: true });
  });

  test("a rate of huge numbers becomes one that a timescale takes", () => {
    const { rate } = constant(19_001_317, 700_001);
    expect(rate.num).toBeLessThanOrEqual(100_000);
    expect(perSecond(rate)).toBeCloseTo(19_001_317 / 700_001, 3);
  });
});

test("segments are about two seconds of whole frames", () => {
  expect([of(25), of(30000, 1001), of(24000, 1001), of(60), of(10), of(1)].map(segmentFramesOf)).toEqual([
    50, 60, 48, 120, 20, 2,
  ]);
});

describe("chunks", () => {
  const lengths = (seconds: number, workers = 1) => {
    const at = grid(seconds);
    return cutChunks(at, workers).map((chunk) =>
      secondsAt(chunk.frames ?? at.totalFrames - chunk.firstFrame, at.rate),
    );
  };

  test("grow from 4 s to 30 s, and the last takes the rest", () => {
    expect(lengths(120)).toEqual([4, 8, 16, 30, 30, 32]);
    expect(lengths(10)).toEqual([4, 6]);
  });

  test("a rest of less than half a chunk joins the one before", () => {
    expect(lengths(29)).toEqual([4, 8, 17]);
  });

  test("many workers get shorter chunks, never under 8 s after the ramp", () => {
    expect(Math.max(...lengths(120, 6))).toBeLessThanOrEqual(12);
    expect(
      lengths(120, 100)
        .slice(1, -1)
        .every((length) => length === 8),
    ).toBe(true);
  });

  test.each([of(25), of(30000, 1001), of(24000, 1001), of(60000, 1001), of(10), of(26777, 1000)])(
    "cover the timeline without a gap, in whole segments (%o)",
    (rate) => {
      for (const seconds of [9, 31.7, 300, 3601.3]) {
        const at = grid(seconds, rate);
        const chunks = cutChunks(at, 2);
        let next = 0;
        for (const [n, chunk] of chunks.entries()) {
          expect(chunk).toMatchObject({ index: n, firstFrame: next });
          expect(chunk.firstFrame % at.segmentFrames).toBe(0);
          next += chunk.frames ?? 0;
        }
        expect(chunks.at(-1)?.frames).toBeNull();
        expect(chunks.slice(0, -1).every((chunk) => chunk.frames !== null)).toBe(true);
        expect(next).toBeLessThan(at.totalFrames);
      }
    },
  );
});

describe("a source that is costly to enter in the middle", () => {
  const day = { ...grid(86_400, of(25)) };
  test("is one chunk while an upload can hold it", () => {
    expect(cutForSize(grid(1200, of(25)), 16_000_000)).toEqual([{ index: 0, firstFrame: 0, frames: null }]);
  });
  test("is cut where one PUT could not: every chunk at its cap stays below 5 GiB", () => {
    const chunks = cutForSize(day, 16_000_000);
    expect(chunks.length).toBeGreaterThan(1);
    for (const { frames } of chunks.slice(0, -1))
      expect(((frames ?? 0) / 25) * (16_000_000 / 8)).toBeLessThan(5 * 2 ** 30);
  });
});
