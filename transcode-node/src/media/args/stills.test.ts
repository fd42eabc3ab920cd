/** Poster candidates and storyboard sheets: which are chosen, and how sheets are laid out. */
import { expect, test } from "vitest";
import { bestTimes, scoreOf, sheetPlan, thumbInterval } from "./stills.ts";

const size = { width: 32, height: 32 };
const luma = (of: (x: number, y: number) => number) =>
  Uint8Array.from({ length: 32 * 32 }, (_, n) => of(n % 32, Math.floor(n / 32)));
const sharp = luma((x, y) => (((x >> 2) + (y >> 2)) % 2 ? 200 : 50));
const soft = luma((x) => 50 + x * 5);

test("black, white and flat frames are worth nothing; a sharp one more than a blurred one", () => {
  expect(
    scoreOf(
      luma(() => 16),
      size,
    ),
  ).toBe(0);
  expect(
    scoreOf(
      luma(() => 240),
      size,
    ),
  ).toBe(0);
  expect(
    scoreOf(
      luma(() => 120),
      size,
    ),
  ).toBe(0);
  expect(scoreOf(soft, size)).toBeGreaterThan(0);
  expect(scoreOf(sharp, size)).toBeGreaterThan(2 * scoreOf(soft, size));
});

test("the best of each stretch, best first, nothing worthless", () => {
  const thumbs = [0, 5, 9, 1, 0, 0, 3, 7, 2, 8].map((score, n) => ({ at: n * 2, score }));
  // Spans of two: 5, 9, 0 (left out), 7, 8.
  expect(bestTimes(thumbs, 5, 20)).toEqual([4, 18, 14, 2]);
});

test("a film of nothing but black still gets a poster", () => {
  expect(
    bestTimes(
      [
        { at: 0, score: 0 },
        { at: 2, score: 0 },
      ],
      6,
      4,
    ),
  ).toEqual([0]);
});

test("nothing at or after the end is a poster", () => {
  const thumbs = [0, 2, 4].map((at) => ({ at, score: 1 + at }));
  expect(bestTimes(thumbs, 6, 3.96)).toEqual([2, 0]);
});

test("thumbs lie on our keyframes", () => {
  expect([5, 80, 81, 3600].map(thumbInterval)).toEqual([2, 2, 4, 90]);
});

test.each([
  [1, { columns: 1, rows: 1, interval: 2, tiles: 1 }],
  [20, { columns: 5, rows: 2, interval: 2, tiles: 10 }],
  [600, { columns: 5, rows: 5, interval: 4, tiles: 150 }],
  [3600, { interval: 20, tiles: 180 }],
  [86_400, { interval: 87, tiles: 994 }],
])("%d seconds: %o", (duration, expected) => {
  expect(sheetPlan(duration, { width: 1280, height: 720 })).toMatchObject(expected);
});

test("tiles keep the video's shape, with even sides", () => {
  expect(sheetPlan(60, { width: 720, height: 1280 })).toMatchObject({ tileWidth: 108, tileHeight: 192 });
});
