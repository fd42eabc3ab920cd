/** Few pictures in a long source: what its grid costs, and what is refused. */
import { expect, test } from "vitest";
import { perSecond } from "./grid.ts";
import { rateForPictures } from "./sparse.ts";

const HOUR = 3600;
const rate = (pictures: number | null, seconds: number, grid = 24) =>
  perSecond(rateForPictures({ num: grid, den: 1 }, pictures, seconds));

test.each([
  ["a film", 2 * HOUR * 24, 2 * HOUR, 24, 24],
  ["a screen at one a second for three hours", 3 * HOUR, 3 * HOUR, 1, 1],
  ["a screen that rests half of the time", HOUR, 2 * HOUR, 24, 15],
  ["five busy minutes in two hours", 5 * 60 * 30, 2 * HOUR, 24, 24],
  ["one busy minute in three hours", 60 * 30, 3 * HOUR, 24, 5],
  ["a slide every twenty seconds", 180, HOUR, 24, 2],
  ["a slide every nine minutes", 20, 3 * HOUR, 24, 2],
  ["ten minutes of one picture", 1, 600, 24, 24],
  ["half an hour of one picture", 1, HOUR / 2, 24, 2],
  ["not counted", null, 10 * HOUR, 24, 24],
])("%s", (_, pictures, seconds, grid, expected) => {
  expect(rate(pictures, seconds, grid)).toBe(expected);
});

test("two pictures ten hours apart are refused, whatever rate the file claims", () => {
  for (const grid of [1, 25, 60])
    expect(() => rate(2, 10 * HOUR, grid)).toThrow(expect.objectContaining({ code: "source.too_sparse" }));
});

test("a day of the fewest pictures allowed is less work than two hours of film", () => {
  expect(rate(145, 24 * HOUR) * 24 * HOUR).toBeLessThanOrEqual(2 * HOUR * 24);
});
