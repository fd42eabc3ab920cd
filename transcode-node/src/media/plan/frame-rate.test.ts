/**
 * Which rate a source's grid gets: from the container's declared rates, and from the real intervals between
 * frames.
 */
import type { Rational } from "@storagex/contract/tasks/plan";
import { describe, expect, test } from "vitest";
import { gridRate, type Interval, usualRate } from "./frame-rate.ts";
import { perSecond } from "./grid.ts";

const of = (num: number, den = 1): Rational => ({ num, den });
const constant = (num: number, den = 1) => gridRate({ real: of(num, den), average: of(num, den) });

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
    expect(constant(source.num, source.den)).toMatchObject({
      rate: expected,
      variable: false,
      own: perSecond(source),
    });
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
    expect(gridRate({ real, average })).toMatchObject({ rate: expected, variable: true });
  });

  test("unknown is 30", () => {
    expect(gridRate({ real: null, average: null })).toEqual({ rate: of(30), variable: true, own: null });
  });

  test("a rate of huge numbers becomes one that a timescale takes", () => {
    const { rate } = constant(19_001_317, 700_001);
    expect(rate.num).toBeLessThanOrEqual(100_000);
    expect(perSecond(rate)).toBeCloseTo(19_001_317 / 700_001, 3);
  });
});

describe("measured", () => {
  const every = (...pairs: [seconds: number, count: number][]): Interval[] =>
    pairs.map(([seconds, count]) => ({ seconds, count }));
  const grid = (intervals: Interval[], real: Rational | null = null, average: Rational | null = null) => {
    const { rate, own } = gridRate({ real, average, usual: usualRate(intervals) });
    return [rate, own === null ? null : Math.round(own * 10) / 10];
  };

  test.each([
    [
      "a browser's 30 in milliseconds",
      every([0.033, 150], [0.034, 75], [0.066, 9], [0.1, 2]),
      of(1000, 33),
      null,
      of(30),
      30,
    ],
    [
      "a browser's uneven 30",
      every([0.017, 20], [0.032, 80], [0.034, 100], [0.05, 20]),
      of(1000),
      null,
      of(30),
      30,
    ],
    ["a camera's 15", every([0.066, 30], [0.067, 60], [0.133, 3]), of(1000, 67), null, of(15), 15],
    ["a last frame that stands for eight seconds", every([1 / 30, 119], [8, 1]), of(30), of(10), of(30), 30],
    ["a phone's 30", every([1 / 30, 200], [2 / 30, 4]), of(30), of(296, 10), of(30), 30],
    [
      "a phone that drops to 24 in the dark",
      every([1 / 30, 100], [1 / 24, 40]),
      of(90_000),
      of(28),
      of(28),
      28,
    ],
    [
      "soft pulldown of 23.976",
      every([1001 / 30_000, 50], [1001 / 20_000, 50]),
      of(60_000, 1001),
      of(24),
      of(24_000, 1001),
      24,
    ],
    [
      "29.97 measured to the microsecond",
      every([0.033366, 30], [0.033367, 60]),
      of(90_000),
      null,
      of(30_000, 1001),
      30,
    ],
    ["progressive frames on a clock of fields", every([0.04, 100]), of(50), of(25), of(25), 25],
    ["30 for four seconds, then 10 for twelve", every([1 / 30, 120], [0.1, 120]), of(30), of(15), of(30), 30],
    ["31 of a game", every([1 / 31, 200], [0.1, 9]), of(1000), null, of(31), 31],
    ["90 with pauses", every([1 / 90, 200], [0.05, 9]), of(90), of(80), of(45), 90],
  ])("%s", (_, intervals, real, average, rate, own) => {
    expect(grid(intervals, real, average)).toEqual([rate, own]);
  });

  test("where frames follow each other as they like, the clock or a standard rate above counts", () => {
    const uneven = every([3 / 60, 30], [7 / 60, 40], [9 / 60, 30]);
    expect(grid(uneven, of(60), of(14))[0]).toEqual(of(24_000, 1001));
    expect(usualRate(uneven)?.steady).toBe(false);
  });

  test("three intervals say nothing", () => {
    expect(usualRate(every([0.04, 3]))).toBeNull();
  });
});
