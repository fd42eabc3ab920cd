import { expect, test } from "vitest";
import { createSelection } from "./selection.ts";

test("one is toggled, a range is added, and what is no longer shown is not selected", () => {
  let shown = ["a", "b", "c", "d", "e"];
  const selection = createSelection(() => shown);
  selection.toggle("b");
  selection.toggle("d", true);
  expect([...selection.ids()]).toEqual(["b", "c", "d"]);
  selection.toggle("c");
  expect(selection.has("c")).toBe(false);
  selection.toggle("a", true);
  expect([...selection.ids()].toSorted()).toEqual(["a", "b", "c", "d"]);
  shown = ["a", "e"];
  expect([...selection.ids()]).toEqual(["a"]);
  selection.clear();
  expect(selection.ids().size).toBe(0);
});
