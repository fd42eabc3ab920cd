/** Anybody may invent visits: one network begins so many, and others do not notice. */
import { expect, test } from "vitest";
import { Fence } from "./fence.ts";

const admitted = (many: number, admit: (n: number) => boolean) =>
  Array.from({ length: many }, (_, n) => admit(n)).filter(Boolean).length;

test("a network begins so many visits at once and more with time; those that are known go on", () => {
  const fence = new Fence();
  expect(admitted(1_000, (n) => fence.admitsVisit("a", `v${n}`, 0))).toBe(300);
  expect(fence.admitsVisit("a", "v0", 0)).toBe(true);
  expect(fence.admitsVisit("b", "v900", 0)).toBe(true);
  expect(admitted(1_000, (n) => fence.admitsVisit("a", `w${n}`, 60_000))).toBe(30);
  expect(admitted(1_000, (n) => fence.admitsVisit("a", `x${n}`, 86_400_000))).toBe(300);
  // No proxy says who calls.
  expect(admitted(1_000, (n) => fence.admitsVisit(undefined, `y${n}`, 0))).toBe(1_000);
});

test("reports of which only the time counts have a limit, too", () => {
  const fence = new Fence();
  expect(admitted(5_000, () => fence.admitsTime("a", 0))).toBe(3_000);
  expect(fence.admitsTime("b", 0)).toBe(true);
  expect(admitted(5_000, () => fence.admitsTime("a", 1_000))).toBe(50);
});
