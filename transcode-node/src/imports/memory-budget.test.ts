import { expect, test } from "vitest";
import { MemoryBudget } from "./memory-budget.ts";

test("imports share the memory; one that is alone reserves a part of any size", () => {
  const budget = new MemoryBudget(100);
  const first = budget.reserve(60);
  expect(first).toBeDefined();
  expect(budget.hasLeft).toBe(true);
  expect(budget.reserve(41)).toBeUndefined();
  const second = budget.reserve(40);
  expect(budget.hasLeft).toBe(false);
  first?.();
  first?.();
  expect(budget.reserve(61)).toBeUndefined();
  second?.();
  const large = budget.reserve(5_000);
  expect(large).toBeDefined();
  expect(budget.reserve(1)).toBeUndefined();
});
