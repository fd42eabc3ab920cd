import { expect, test } from "vitest";
import { covered, lengthOf } from "./ranges.ts";

test("what overlaps or touches is one range, in order; what ends before it begins is none", () => {
  const ranges = [
    [20, 30],
    [0, 5],
    [5.03, 7],
    [4, 6],
    [50, 10],
    [25, 26],
    [9, 9],
  ] as const;
  expect(covered(ranges, 10)).toEqual([
    [0, 7],
    [20, 30],
  ]);
  expect(covered(ranges, 1)).toEqual([[0, 7]]);
  expect(covered([], 1)).toEqual([]);
  // The smallest numbers would underflow where the database divides them.
  expect(covered([[5e-324, 10.004]], 1)).toEqual([[0, 10]]);
  expect(covered([[5e-324, 1e-9]], 1)).toEqual([]);
  // What was played twice was played twice.
  expect(lengthOf(ranges)).toBeCloseTo(10 + 5 + 1.97 + 2 + 1);
});
