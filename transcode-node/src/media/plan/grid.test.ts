/** The frame grid: how a timeline is divided. */

import type { Rational } from "@storagex/contract/tasks/plan";
import { describe, expect, test } from "vitest";
import { cutChunks, cutDoubling, perSecond, secondsAt, segmentFramesOf } from "./grid.ts";

const of = (num: number, den = 1): Rational => ({ num, den });

const grid = (seconds: number, rate = of(25)) => ({
  rate,
  segmentFrames: segmentFramesOf(rate),
  totalFrames: Math.round(seconds * perSecond(rate)),
  preRoll: 1,
});

test("segments are about two seconds of whole frames", () => {
  expect([of(25), of(30000, 1001), of(24000, 1001), of(60), of(10), of(1)].map(segmentFramesOf)).toEqual([
    50, 60, 48, 120, 20, 2,
  ]);
});

describe("chunks", () => {
  type Wish = { workers?: number; isUploading?: boolean; decodedFrom?: (seconds: number) => number };
  const lengths = (seconds: number, { workers = 1, isUploading = false, ...more }: Wish = {}) => {
    const at = grid(seconds);
    return cutChunks(at, { workers, isUploading, ...more }).map((chunk) =>
      secondsAt(chunk.frames ?? at.totalFrames - chunk.firstFrame, at.rate),
    );
  };

  test("grow from 4 s to 30 s, and shrink again; the last takes the rest", () => {
    expect(lengths(120)).toEqual([4, 8, 16, 30, 30, 16, 8, 4, 4]);
    expect(lengths(40)).toEqual([4, 8, 16, 8, 4]);
    expect(lengths(10)).toEqual([4, 6]);
  });

  test("of a source that is uploaded are shorter, the last ones above all", () => {
    expect(lengths(120, { isUploading: true })).toEqual([4, 8, 16, 16, 8, 8, 8, 8, 8, 8, 8, 6, 4, 4, 4, 2]);
  });

  test("begin soon after a keyframe, where a little more or less than the usual length reaches one", () => {
    // As encoders write it by default: a keyframe each 250 frames, of 30 a second.
    const gap = 250 / 30;
    const decodedFrom = (seconds: number) => Math.max(0, Math.floor((seconds - 1.25) / gap) * gap);
    const found = lengths(300, { decodedFrom });
    const usual = lengths(300);
    const decodedBefore = (each: readonly number[]) => {
      let at = 0;
      return each.slice(0, -1).map((length) => {
        at += length;
        return at - decodedFrom(at);
      });
    };
    const sum = (each: readonly number[]) => each.reduce((all, seconds) => all + seconds, 0);
    expect(sum(found)).toBe(300);
    expect(found.length).toBeLessThanOrEqual(usual.length);
    expect(found[0], "the first frame comes as early as ever").toBe(4);
    expect(Math.max(...found)).toBeLessThanOrEqual(30 * 1.25);
    for (const length of [8, 16])
      expect(found.some((each) => Math.abs(each - length) <= length / 4)).toBe(true);
    expect(sum(decodedBefore(found))).toBeLessThan(0.6 * sum(decodedBefore(usual)));
  });

  test("keep their lengths where keyframes are as close as segments", () => {
    const decodedFrom = (seconds: number) => Math.floor((seconds - 1.25) / 2) * 2;
    expect(lengths(300, { decodedFrom })).toEqual(lengths(300));
    expect(lengths(300, { decodedFrom, isUploading: true })).toEqual(lengths(300, { isUploading: true }));
  });

  test("a rest of less than half a chunk joins the one before", () => {
    expect(lengths(29)).toEqual([4, 8, 17]);
  });

  test("many workers get shorter chunks, never under 8 s after the ramp", () => {
    expect(Math.max(...lengths(120, { workers: 6 }))).toBeLessThanOrEqual(12);
    expect(
      lengths(120, { workers: 100 })
        .slice(1, -1)
        .every((length) => length === 8),
    ).toBe(true);
  });

  test.each([of(25), of(30000, 1001), of(24000, 1001), of(60000, 1001), of(10), of(26777, 1000)])(
    "cover the timeline without a gap, in whole segments (%o)",
    (rate) => {
      for (const seconds of [9, 31.7, 300, 3601.3]) {
        const at = grid(seconds, rate);
        const chunks = cutChunks(at, { workers: 2, isUploading: rate.den === 1 });
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
  const chunksOf = (seconds: number, maxrate = 3_000_000) => cutDoubling(grid(seconds), maxrate);
  const lengths = (seconds: number) =>
    chunksOf(seconds).map(({ frames, firstFrame }) => (frames ?? seconds * 25 - firstFrame) / 25);

  test("each chunk is twice as long as the one before, the last takes the rest", () => {
    expect(lengths(100)).toEqual([4, 8, 16, 32, 40]);
    expect(lengths(61)).toEqual([4, 8, 16, 33]);
  });

  test("decoded from its start for each chunk, it is decoded three times at most", () => {
    for (const seconds of [9, 29, 61, 600, 7200]) {
      const decoded = chunksOf(seconds).map(({ firstFrame, frames }) =>
        frames === null ? seconds : (firstFrame + frames) / 25,
      );
      expect(decoded.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(3 * seconds);
    }
  });

  test("no object is larger than one PUT takes", () => {
    const chunks = chunksOf(86_400, 16_000_000);
    for (const { frames } of chunks.slice(0, -1))
      expect(((frames ?? 0) / 25) * (16_000_000 / 8)).toBeLessThan(5 * 2 ** 30);
    expect(chunks.at(-1)?.firstFrame).toBeGreaterThan(25 * 80_000);
  });
});
