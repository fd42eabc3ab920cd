import { expect, test } from "vitest";
import { Speed } from "./speed.ts";

test("too little time says nothing, steady bytes give their rate", () => {
  const speed = new Speed();
  expect([0, 400, 1_000].map((at) => speed.note(at * 2_000, at))).toEqual([0, 0, 2_000_000]);
});

test("only the last five seconds count", () => {
  const speed = new Speed();
  for (let second = 0; second <= 10; second += 1) speed.note(second * 1_000, second * 1_000);
  const rates = Array.from({ length: 10 }, (_, at) =>
    speed.note(10_000 + (at + 1) * 9_000, (at + 11) * 1_000),
  );
  expect(rates.at(-1)).toBe(9_000);
});

test("bytes that are sent again never make the rate negative", () => {
  const speed = new Speed();
  speed.note(0, 0);
  speed.note(5_000, 1_000);
  expect([3_000, 4_000].map((bytes, at) => speed.note(bytes, 2_000 + at * 1_000))).toEqual([0, 1_000]);
});
