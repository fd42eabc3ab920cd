/** Few frames in a long source: what its grid costs, and what is refused. */
import { expect, test } from "vitest";
import { rateForFrames } from "./few-frames.ts";
import { perSecond } from "./grid.ts";

const HOUR = 3600;
const rate = (frames: number | null, framesEnd: number, grid = 24, duration = framesEnd, size = 1e9) =>
  perSecond(rateForFrames({ num: grid, den: 1 }, frames, { framesEnd, duration, size }));

test.each([
  ["a film", 2 * HOUR * 24, 2 * HOUR, 24, 24],
  ["a screen at one a second for three hours", 3 * HOUR, 3 * HOUR, 1, 1],
  ["a screen that rests half of the time", HOUR, 2 * HOUR, 24, 15],
  ["five busy minutes in two hours", 5 * 60 * 30, 2 * HOUR, 24, 24],
  ["one busy minute in three hours", 60 * 30, 3 * HOUR, 24, 5],
  ["a slide every twenty seconds", 180, HOUR, 24, 2],
  ["a slide every nine minutes", 20, 3 * HOUR, 24, 2],
  ["ten minutes of one frame", 1, 600, 24, 24],
  ["half an hour of one frame", 1, HOUR / 2, 24, 2],
  ["not counted", null, 10 * HOUR, 24, 24],
])("%s", (_, frames, seconds, grid, expected) => {
  expect(rate(frames, seconds, grid)).toBe(expected);
});

test("two frames ten hours apart are refused, whatever rate the file claims", () => {
  for (const grid of [1, 25, 60])
    expect(() => rate(2, 10 * HOUR, grid)).toThrow(expect.objectContaining({ code: "source.too_sparse" }));
});

test("a day of the fewest frames allowed is less work than two hours of film", () => {
  expect(rate(145, 24 * HOUR) * 24 * HOUR).toBeLessThanOrEqual(2 * HOUR * 24);
});

test.each([
  ["a cover and ten minutes of audio", 1, 0.04, 600, 25],
  ["a cover and two hours of audio", 1, 0.04, 2 * HOUR, 2],
  ["a cover that nobody counted and two hours of audio", null, 0.04, 2 * HOUR, 2],
  ["a minute of film and two hours of audio", 1500, 60, 2 * HOUR, 25],
])("%s", (_, frames, framesEnd, duration, expected) => {
  expect(rate(frames, framesEnd, 25, duration)).toBe(expected);
});

test("a packet a day later is no audio to hold a frame for", () => {
  expect(() => rate(100, 4, 25, 24 * HOUR, 1e6)).toThrow(
    expect.objectContaining({ code: "source.too_sparse" }),
  );
});
