import { expect, test } from "vitest";
import { visibleLine } from "./hidden-characters.ts";

test("what hides or breaks a line is a space; what joins an emoji stays", () => {
  expect(visibleLine(" a\u0000\tb\r\nc\u202Ed\uFEFF ")).toBe("a b c d");
  expect(visibleLine("👨\u200D👩\u200D👧")).toBe("👨\u200D👩\u200D👧");
  expect(visibleLine("\uD83D")).toBe("\uFFFD");
  expect(visibleLine("\u200E\u0007")).toBe("");
});
