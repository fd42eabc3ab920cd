/**
 * Readable plots: names near their lines and apart from each other, lines that differ, steps that are wide
 * enough.
 */
import { expect, test } from "vitest";
import { coarser, dressOf, spread } from "./plot-lines.ts";

test("names that have room stay where their lines end", () => {
  expect(spread([10, 50, 30], 15, 0, 100)).toEqual([10, 50, 30]);
});

test("names too near are moved apart, and the lowest ones up where the floor is reached", () => {
  expect(spread([10, 12, 13], 15, 0, 100)).toEqual([10, 25, 40]);
  expect(spread([95, 96, 20], 15, 0, 100)).toEqual([85, 100, 20]);
});

test("eight lines all differ", () => {
  const dresses = Array.from({ length: 8 }, (_, n) => JSON.stringify(dressOf(n)));
  expect(new Set(dresses).size).toBe(8);
});

test("steps too narrow to see become fewer, by their mean over time", () => {
  const steps = { times: [0, 2, 4, 6, 7], values: [[1, 3, 5, 8]] };
  expect(coarser(steps, 4)).toEqual(steps);
  expect(coarser(steps, 3)).toEqual({ times: [0, 4, 7], values: [[2, 6]] });
  expect(coarser(steps, 1)).toEqual({ times: [0, 7], values: [[(2 + 6 + 10 + 8) / 7]] });
});
