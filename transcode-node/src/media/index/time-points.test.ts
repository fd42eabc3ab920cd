/** The line through a few timestamps: the rate that fits them all, or none. */
import { expect, test } from "vitest";
import { lineThrough, PointFold, type TimePoint } from "./time-points.ts";

const at = (rate: number, packets: readonly number[], start = 0): TimePoint[] =>
  packets.map((packet) => ({ packet, seconds: start + packet / rate }));
const FEW = [0, 68, 167, 271, 368, 451];
const NTSC = { num: 30_000, den: 1001 };

test("a declared rate counts where it fits, even if the timestamps are a few frames off", () => {
  const off = at(30, FEW, 0.5).map(({ packet, seconds }, n) => ({
    packet,
    seconds: seconds + (n % 3) * 0.06,
  }));
  expect(
    lineThrough(off, [
      { num: 2, den: 1 },
      { num: 30, den: 1 },
    ]),
  ).toEqual({
    start: 0.5,
    rate: { num: 30, den: 1 },
  });
});

test("a usual rate is found where none is declared, 29.97 and 30 apart in a long file", () => {
  const long = FEW.map((packet) => 100 * packet);
  expect(lineThrough(at(30_000 / 1001, long), [])?.rate).toEqual(NTSC);
  expect(lineThrough(at(30, long), [])?.rate).toEqual({ num: 30, den: 1 });
  expect(lineThrough(at(12.5, long), [])?.rate).toEqual({ num: 12_500, den: 1000 });
});

test("the first packet's own time is the start; where it has none, the middle of the others' is", () => {
  expect(lineThrough(at(25, [0, 100, 200, 300], 3), [])?.start).toBe(3);
  expect(lineThrough(at(25, [50, 100, 200, 300], 3), [])?.start).toBeCloseTo(3, 6);
});

test("a hole, a varying rate and too few points have no line", () => {
  const hole = [...at(30, [0, 50, 100, 150]), ...at(30, [200, 250, 300, 350], 2)];
  expect(lineThrough(hole, [{ num: 30, den: 1 }])).toBeNull();
  expect(lineThrough([...at(30, [0, 50, 100, 150]), ...at(15, [200, 250, 300, 350])], [])).toBeNull();
  expect(lineThrough(at(30, [0]), [{ num: 30, den: 1 }])).toBeNull();
  expect(lineThrough([], [])).toBeNull();
});

test("of a day of timestamps, some are kept: evenly spread, with the first and the last", () => {
  const fold = new PointFold();
  const all = 1_000_001;
  for (let packet = 0; packet < all; packet++) fold.add({ packet, seconds: packet / 25 });
  const points = fold.points();
  expect(points.length).toBeLessThan(4100);
  expect([points[0]?.packet, points.at(-1)?.packet]).toEqual([0, all - 1]);
  expect(lineThrough(points, [])?.rate).toEqual({ num: 25, den: 1 });
});
