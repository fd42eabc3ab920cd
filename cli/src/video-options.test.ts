import { expect, test } from "vitest";
import { pair } from "./video-options.ts";

test("metadata are pairs: the first = divides, a value may be empty, the last of a key counts", () => {
  const given = ["customer=1207", "formula=a=b", "note=", "customer=1208"];
  const read = given.reduce<Record<string, string>>((others, text) => pair(text, others), {});
  expect(read).toEqual({ customer: "1208", formula: "a=b", note: "" });
  for (const wrong of ["", "customer", "=1207"]) expect(() => pair(wrong)).toThrow(/such as/);
});
