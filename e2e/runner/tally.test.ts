/** The last line of `npm test`. */
import { expect, test } from "vitest";
import { add, NONE, sentence } from "./tally.ts";

test("skipped tests are named only where there are any", () => {
  expect(sentence({ ...NONE, passed: 3 })).toBe("3 passed, 0 failed");
  expect(sentence(add({ ...NONE, passed: 1, failed: 2, skipped: 1 }, { ...NONE, passed: 1 }))).toBe(
    "2 passed, 2 failed, 1 skipped",
  );
});

test("what failed in one runner is told with what failed in the next", () => {
  const sum = add({ ...NONE, failed: 1, failures: ["a"] }, { ...NONE, failed: 1, failures: ["b"] });
  expect(sum.failures).toEqual(["a", "b"]);
});
