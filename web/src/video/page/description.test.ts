import { expect, test } from "vitest";
import { piecesOf, tagsIn } from "./description.ts";

test("times can be pressed, and nothing of the text is lost", () => {
  const text = "Start 0:00, later 1:02:03!\n12:30 end";
  const pieces = piecesOf(text);
  expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  expect(pieces.flatMap(({ seconds }) => seconds ?? [])).toEqual([0, 3723, 750]);
});

test.each(["ratio 16:9", "IPv6 ::1:22:33:44", "0.5:00", "1:99", ""])("%j holds no time", (text) => {
  expect(piecesOf(text).every(({ seconds }) => seconds === undefined)).toBe(true);
  expect(
    piecesOf(text)
      .map((piece) => piece.text)
      .join(""),
  ).toBe(text);
});

test("tags are separated by commas, trimmed, each once", () => {
  expect(tagsIn(" holiday, 2026,,holiday ,two words")).toEqual(["holiday", "2026", "two words"]);
  expect(tagsIn(" , ")).toEqual([]);
});
