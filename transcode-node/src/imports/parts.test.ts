/** Which part of a source is fetched next. */
import { expect, test } from "vitest";
import { isWhole, nextPart, positionOf, receivedOf, storedParts } from "./parts.ts";

const MIB = 1024 * 1024;
const partsOf = (
  stored: number[],
  { size = (80 * MIB) as number | null, hasRanges = true, wanted = [] as number[] } = {},
) => ({
  ...storedParts({ size, partSize: 8 * MIB, validator: { etag: '"v"', lastModified: null }, stored }),
  hasRanges,
  wanted,
});
const after = (number: number, parts: ReturnType<typeof partsOf>) => nextPart({ ...parts, number });

test("one after the other, without those that are stored", () => {
  expect(after(1, partsOf([1]))).toBe(2);
  expect(after(1, partsOf([1, 2, 3]))).toBe(4);
  expect(after(10, partsOf([1, 10]))).toBe(2);
  expect(after(10, partsOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))).toBeUndefined();
  expect(after(5, partsOf([1, 2, 3, 4, 5], { size: null }))).toBe(6);
});

test("what helps most first, unless it comes soon anyway or the server cannot start there", () => {
  expect(after(1, partsOf([1], { wanted: [10] }))).toBe(10);
  expect(after(1, partsOf([1], { wanted: [3] }))).toBe(2);
  expect(after(7, partsOf([1, 7], { wanted: [2, 3] }))).toBe(2);
  expect(after(1, partsOf([1], { wanted: [10], hasRanges: false }))).toBe(2);
  expect(after(1, partsOf([1, 10], { wanted: [10] }))).toBe(2);
});

test("a source goes on where another importer left it", () => {
  const parts = partsOf([1, 2, 10], { size: 75 * MIB });
  expect([parts.number, positionOf(parts), receivedOf(parts)]).toEqual([3, 16 * MIB, 19 * MIB]);
  expect(isWhole(parts)).toBe(false);
  expect(isWhole(partsOf([1, 2], { size: 9 * MIB }))).toBe(true);
  expect(isWhole(partsOf([1, 2], { size: null }))).toBe(false);
});
