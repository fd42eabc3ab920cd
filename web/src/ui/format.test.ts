import { expect, test } from "vitest";
import {
  formatAgo,
  formatBitrate,
  formatClock,
  formatFrameRate,
  formatLeft,
  formatLoudness,
  formatOrdinal,
  formatPercent,
  formatRate,
  formatSize,
  formatTimes,
  formatTook,
} from "./format.ts";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_000, "1.0 kB"],
  [999_499, "999 kB"],
  [999_999, "1.0 MB"],
  [11_400_000, "11.4 MB"],
  [99_960_000, "100 MB"],
  [8_400_000_000, "8.4 GB"],
])("%i bytes are %s", (bytes, text) => expect(formatSize(bytes)).toBe(text));

test.each([
  [0, "0:00"],
  [52.9, "0:52"],
  [3_599.99, "59:59"],
  [6_127, "1:42:07"],
  [-3, "0:00"],
])("%d s on the clock are %s", (seconds, text) => expect(formatClock(seconds)).toBe(text));

test.each([
  [0.2, "1 s left"],
  [59.1, "60 s left"],
  [61, "2 min left"],
  [5_399, "90 min left"],
  [5_400, "1.5 h left"],
])("%d s left reads %s", (seconds, text) => expect(formatLeft(seconds)).toBe(text));

test("a percentage never says 100 before it is whole, and never leaves 0 to 100", () => {
  expect(formatPercent(0.999)).toBe("99%");
  expect(formatPercent(1)).toBe("100%");
  expect(formatPercent(-1)).toBe("0%");
  expect(formatPercent(7)).toBe("100%");
});

test.each([
  [1, "1st"],
  [2, "2nd"],
  [3, "3rd"],
  [4, "4th"],
  [11, "11th"],
  [12, "12th"],
  [13, "13th"],
  [21, "21st"],
  [112, "112th"],
])("place %i is the %s", (place, text) => expect(formatOrdinal(place)).toBe(text));

test("what something took is said in two parts at most", () => {
  const said = [0.84, 12.34, 59.97, 250, 7_500].map(formatTook);
  expect(said).toEqual(["0.84 s", "12.3 s", "1 min 0 s", "4 min 10 s", "2 h 5 min"]);
});

test("rates are short", () => {
  expect(formatRate(38_400_000)).toBe("38 MB/s");
  expect(formatRate(1_240_000)).toBe("1.2 MB/s");
  expect(formatBitrate(4_610_000)).toBe("4.6 Mbit/s");
  expect(formatBitrate(96_400)).toBe("96 kbit/s");
  expect(formatBitrate(999_900)).toBe("1.0 Mbit/s");
  expect(formatFrameRate(30_000 / 1_001)).toBe("29.97 fps");
  expect(formatFrameRate(25)).toBe("25 fps");
});

test("a speed is never 0 of what runs", () => {
  const said = [12.4, 9.96, 1.25, 0.12, 0.04, 0.001].map(formatTimes);
  expect(said).toEqual(["12×", "10.0×", "1.3×", "0.1×", "0.04×", "0.01×"]);
});

test.each([
  [10, "just now"],
  [50, "1 minute ago"],
  [720, "12 minutes ago"],
  [7_200, "2 hours ago"],
  [86_400, "yesterday"],
  [40 * 86_400, "last month"],
])("%i s ago reads %s", (seconds, text) => expect(formatAgo(0, seconds * 1_000)).toBe(text));

test("loudness has a real minus and one digit", () => {
  expect(formatLoudness(-23.04)).toBe("−23.0 LUFS");
});
