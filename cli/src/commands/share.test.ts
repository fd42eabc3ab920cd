import { expect, test } from "vitest";
import { duration } from "./share.ts";

test("times are numbers with a unit", () => {
  expect(["30m", "12h", "7d"].map(duration)).toEqual([1_800, 43_200, 604_800]);
  for (const wrong of ["", "7", "0d", "7w", "-1h", "1.5h"]) expect(() => duration(wrong)).toThrow(/such as/);
});
