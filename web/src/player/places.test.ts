import { expect, test } from "vitest";
import { keepPlace, placeOf } from "./places.ts";

function store(first?: string) {
  const kept = new Map<string, string>(first === undefined ? [] : [["storagex:places:ann", first]]);
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

test("a place is kept per account and video", () => {
  const kept = store();
  keepPlace(kept, { account: "ann", video: "a" }, 42.7, 100);
  keepPlace(kept, { account: "ben", video: "a" }, 7, 100);
  expect(placeOf(kept, "ann", "a")).toBe(42);
  expect(placeOf(kept, "ben", "a")).toBe(7);
  expect(placeOf(kept, "ann", "b")).toBe(0);
});

test("the beginning and the end forget it", () => {
  const kept = store();
  const who = { account: "ann", video: "a" };
  for (const near of [3, 98]) {
    keepPlace(kept, who, 42, 100);
    keepPlace(kept, who, near, 100);
    expect(placeOf(kept, "ann", "a")).toBe(0);
  }
});

test("the newest 200 are kept", () => {
  const kept = store();
  for (let n = 0; n <= 200; n += 1) keepPlace(kept, { account: "ann", video: `v${n}` }, 50, 100);
  expect(placeOf(kept, "ann", "v0")).toBe(0);
  expect(placeOf(kept, "ann", "v1")).toBe(50);
});

test.each(["", "{", '[["a","b"]]', '{"a":1}'])("%j is as nothing", (text) => {
  expect(placeOf(store(text), "ann", "a")).toBe(0);
});
