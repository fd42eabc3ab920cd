import { expect, test } from "vitest";
import { isUnderWay, maxSending, nextPart, type Parts } from "./part-order.ts";

const MIB = 1024 * 1024;

function orderOf(count: number, wanted: number[] = []): number[] {
  const stored = new Set<number>();
  const parts: Parts = { count, stored, sending: new Set(), wanted };
  for (let next = nextPart(parts); next !== undefined; next = nextPart(parts)) stored.add(next);
  return [...stored];
}

test("the ends come first, then what is wanted, then the rest in order, each once", () => {
  expect(orderOf(6)).toEqual([1, 6, 2, 3, 4, 5]);
  expect(orderOf(6, [4, 6, 3])).toEqual([1, 6, 4, 3, 2, 5]);
  expect(orderOf(1, [1])).toEqual([1]);
  expect(orderOf(2)).toEqual([1, 2]);
});

test("a part on the way is not sent twice, and a number that the file does not have never", () => {
  const parts = { count: 3, stored: new Set([1]), sending: new Set([3]), wanted: [3, 9] };
  expect(nextPart(parts)).toBe(2);
});

test("nothing but the ends is sent until the first part is stored, by which the file may be refused", () => {
  const parts = { count: 5, stored: new Set([5]), sending: new Set([1]), wanted: [3] };
  expect(nextPart(parts)).toBeUndefined();
  expect(nextPart({ ...parts, stored: new Set([1, 5]), sending: new Set() })).toBe(3);
});

test("a slow line has few parts on the way, a fast one all connections, an unanswered one two", () => {
  expect(maxSending(undefined, 8 * MIB)).toBe(2);
  expect(maxSending(100_000, 8 * MIB)).toBe(2);
  expect(maxSending(2_500_000, 8 * MIB)).toBe(3);
  expect(maxSending(50_000_000, 8 * MIB)).toBe(5);
});

test("the second of two on the way begins when three quarters of the first are sent, the fifth of five after a fifth", () => {
  expect([0.7, 0.8].map((share) => isUnderWay(share * MIB, MIB, 2))).toEqual([false, true]);
  expect([0.1, 0.2].map((share) => isUnderWay(share * MIB, MIB, 5))).toEqual([false, true]);
});
