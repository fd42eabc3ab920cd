/** Where captions are searched: from the beginning on, evenly, and only in a few places. */
import { expect, test } from "vitest";
import { placesOf } from "./closed-captions.ts";

test.each([
  [4, [0]],
  [60, [0]],
  [100, [0, 25, 50, 75]],
  [1200, [0, 200, 400, 600, 800, 1000]],
])("a source of %d s", (duration, places) => {
  expect(placesOf(duration)).toEqual(places);
});

test("a day has no more places than two hours", () => {
  expect(placesOf(7200)).toHaveLength(12);
  expect(placesOf(86_400)).toHaveLength(12);
});
