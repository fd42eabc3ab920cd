import { expect, test } from "vitest";
import { Speed } from "./speed.ts";

test("too little time says nothing", () => {
  const speed = new Speed();
  expect(speed.note(0, 0)).toBeNull();
  expect(speed.note(1_000, 400)).toBeNull();
});

test("steady bytes give their rate", () => {
  const speed = new Speed();
  speed.note(0, 0);
  expect(speed.note(2_000_000, 1_000)).toBe(2_000_000);
});

test("only the last five seconds count", () => {
  const speed = new Speed();
  for (let second = 0; second <= 10; second += 1) speed.note(second * 1_000, second * 1_000);
  let rate: number | null = null;
  for (let second = 11; second <= 20; second += 1)
    rate = speed.note(10_000 + (second - 10) * 9_000, second * 1_000);
  expect(rate).toBe(9_000);
});

test("bytes that are sent again never make the rate negative", () => {
  const speed = new Speed();
  speed.note(0, 0);
  speed.note(5_000, 1_000);
  expect(speed.note(3_000, 2_000)).toBeNull();
  expect(speed.note(4_000, 3_000)).toBe(1_000);
});
