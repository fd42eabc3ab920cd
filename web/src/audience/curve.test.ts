import { expect, test } from "vitest";
import { areaOf, moveBy, stepAt } from "./curve.ts";

test("the area goes along its steps and back on the ground", () => {
  expect(areaOf([1, 0.5, 0, 0.256])).toBe("M0 100V0H25V50H50V100H75V74.4H100V100Z");
  expect(areaOf([])).toBe("M0 100V100Z");
});

test("a place in the picture and a key are a step", () => {
  expect([-1, 0, 0.499, 0.5, 1, 7].map((part) => stepAt(part, 100))).toEqual([0, 0, 49, 50, 99, 99]);
  expect([moveBy("ArrowLeft", 100), moveBy("End", 100), moveBy("a", 100)]).toEqual([-1, 100, undefined]);
});
