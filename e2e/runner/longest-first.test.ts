/** Each file that is named to start early exists, so that a rename cannot put it last unseen. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FIRST, placeOf } from "./longest-first.ts";
import { CLONE } from "./steps.ts";

test("every named file exists and has its place; another one comes after them", () => {
  expect(FIRST.filter((file) => !existsSync(join(CLONE, file)))).toEqual([]);
  expect(FIRST.map((file) => placeOf(join(CLONE, file)))).toEqual(FIRST.map((_, at) => at));
  expect(placeOf(join(CLONE, "e2e/bad-input.e2e.test.ts"))).toBe(FIRST.length);
});
