/** Ranges as FFmpeg requests them. */
import { expect, test } from "vitest";
import { parseRange } from "./range.ts";

test.each([
  [undefined, { from: 0, to: 99 }],
  ["bytes=0-", { from: 0, to: 99 }],
  ["bytes=10-19", { from: 10, to: 19 }],
  ["bytes=90-500", { from: 90, to: 99 }],
  ["bytes=-5", { from: 95, to: 99 }],
  ["bytes=-500", { from: 0, to: 99 }],
  ["bytes=100-", undefined],
  ["bytes=20-10", undefined],
  ["bytes=-", undefined],
  ["bytes=0-1,5-6", undefined],
  ["lines=0-1", undefined],
])("%s", (header, range) => {
  expect(parseRange(header, 100)).toEqual(range);
});
