import { expect, test } from "vitest";
import { isUnderWay, maxSending, nextPart, openParts, type Parts } from "./part-order.ts";

const MIB = 1024 * 1024;

const parts = (count: number, more: Partial<Parts> = {}): Parts => ({
  ...{ count, stored: new Set(), sending: new Set(), wanted: [] },
  ...more,
});

test("the ends come first, then what is wanted, then the rest in order, each once", () => {
  expect([...openParts(parts(6))]).toEqual([1, 6, 2, 3, 4, 5]);
  expect([...openParts(parts(6, { wanted: [4, 6, 3] }))]).toEqual([1, 6, 4, 3, 2, 5]);
  expect([...openParts(parts(1, { wanted: [1] }))]).toEqual([1]);
  expect([...openParts(parts(2))]).toEqual([1, 2]);
});

test("a part on the way is not sent twice, and a number that the file does not have never", () => {
  expect(nextPart(parts(3, { stored: new Set([1]), sending: new Set([3]), wanted: [3, 9] }))).toBe(2);
});

test("nothing but the ends is sent until the first part is stored, by which the file may be refused", () => {
  const begun = parts(5, { sending: new Set([1]), wanted: [3] });
  expect(nextPart(begun)).toBe(5);
  expect(nextPart({ ...begun, stored: new Set([5]) })).toBeUndefined();
  expect(nextPart({ ...begun, stored: new Set([1, 5]), sending: new Set() })).toBe(3);
});

test("a slow line has few parts on the way, a fast one all connections, an unanswered one two", () => {
  const speeds = [undefined, 100_000, 2_500_000, 50_000_000];
  expect(speeds.map((speed) => maxSending(speed, 8 * MIB, 4))).toEqual([2, 2, 3, 4]);
  expect(maxSending(50_000_000, 8 * MIB, 1)).toBe(1);
});

test("the second of two on the way begins when three quarters of the first are sent, the fourth of four after a quarter", () => {
  expect([0.7, 0.8].map((share) => isUnderWay(share * MIB, MIB, 2))).toEqual([false, true]);
  expect([0.2, 0.25].map((share) => isUnderWay(share * MIB, MIB, 4))).toEqual([false, true]);
});
