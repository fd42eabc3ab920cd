import { expect, test } from "vitest";
import { pollEvery } from "./poll-deliveries.ts";

const at = (milliseconds: number) => ({ nextAttemptAt: new Date(Date.now() + milliseconds).toISOString() });
const over = { nextAttemptAt: null };

test("deliveries are read again while one is due or soon is, and its webhook is on", () => {
  expect(pollEvery(true, [over, at(-1_000)])).toBe(2_000);
  expect(pollEvery(true, [at(30_000)])).toBe(2_000);
  expect(pollEvery(true, [over, at(600_000)])).toBe(false);
  expect(pollEvery(true, [])).toBe(false);
  // Off, an open one stays due for ever.
  expect(pollEvery(false, [at(-1_000)])).toBe(false);
});
