/** The last line of `npm test`. */
import { expect, test } from "vitest";
import { add, NONE, sentence } from "./tally.ts";

test("skipped tests are named only where there are any", () => {
  expect(sentence({ passed: 3, failed: 0, skipped: 0 })).toBe("3 passed, 0 failed");
  expect(sentence(add({ passed: 1, failed: 2, skipped: 1 }, { ...NONE, passed: 1 }))).toBe(
    "2 passed, 2 failed, 1 skipped",
  );
});
