/** What is kept stays within its bound, whatever comes. */
import { expect, test } from "vitest";
import { makeKept } from "./kept.ts";

const box = (size: number) => ({ size });
const keptOf = (most: number) => makeKept<{ size: number }>(most, ({ size }) => size);

test("what was not used for longest goes first, until the rest fits", () => {
  const kept = keptOf(10);
  for (const key of ["a", "b", "c"]) kept.set(key, box(3));
  expect(kept.get("a")).toEqual(box(3));
  kept.set("d", box(6));
  expect(["a", "b", "c", "d"].map((key) => kept.get(key)?.size)).toEqual([3, undefined, undefined, 6]);
});

test("a value that grows counts once, by its new size", () => {
  const kept = keptOf(10);
  kept.set("a", box(2));
  kept.set("b", box(4));
  kept.set("a", box(6));
  expect([kept.get("a"), kept.get("b")]).toEqual([box(6), box(4)]);
  kept.set("a", box(7));
  expect([kept.get("a"), kept.get("b")]).toEqual([box(7), undefined]);
});

test("what is larger than all room is not kept, nor is what stood in its place", () => {
  const kept = keptOf(10);
  kept.set("a", box(5));
  kept.set("b", box(5));
  kept.set("b", box(11));
  expect([kept.get("a"), kept.get("b")]).toEqual([box(5), undefined]);
});
