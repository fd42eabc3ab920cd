import { expect, test } from "vitest";
import { labelOf, languageOf, titleOf } from "./stream-tags.ts";

const of = (tags: Record<string, string>) => ({ tags });

test.each([
  ["Director's comments", "Director's comments"],
  ["  two\n lines\u202e ", "two lines"],
  ["\u200b", null],
  ["\u00ad\u2060\u{e0041}", null],
  ["a\ud83cb", "ab"],
  ["🎬".repeat(100), "🎬".repeat(80)],
])("the title %j is shown as %j", (title, shown) => expect(titleOf(of({ title }))).toBe(shown));

test("a language is read without what nobody sees in it", () => {
  expect(languageOf(of({ language: "eng\u200b" }))).toBe("en");
  expect(languageOf(of({ language: "\u200b" }))).toBeNull();
});

test("a handler that a person named is the label of a track without a visible title", () => {
  expect(labelOf(of({ title: "\u200b", handler_name: "Lavalier" }))).toBe("Lavalier");
  expect(labelOf(of({ handler_name: "SoundHandler" }))).toBeNull();
});
