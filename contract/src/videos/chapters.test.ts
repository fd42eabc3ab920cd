import { expect, test } from "vitest";
import { chapterAt, chaptersIn, chaptersOf, withoutChapters } from "./chapters.ts";

test("lines with rising times from 0:00 are chapters", () => {
  const text = "A talk.\n\n0:00 Intro\n 01:30 - The plan\n(1:02:03) Questions & answers\nThanks!";
  expect(chaptersIn(text)).toEqual([
    { start: 0, title: "Intro" },
    { start: 90, title: "The plan" },
    { start: 3723, title: "Questions & answers" },
  ]);
});

test.each([
  ["one line is a remark", "0:00 Intro"],
  ["the first must be 0:00", "0:10 Intro\n1:00 Plan"],
  ["times must rise", "0:00 Intro\n2:00 Plan\n1:00 End"],
  ["a ratio is no time", "0:00 Intro\n16:9 picture"],
  ["a time without a title", "0:00\n1:00"],
])("%s", (_name, text) => expect(chaptersIn(text)).toEqual([]));

test("declared chapters win, are sorted, and end with the video", () => {
  const declared = [
    { start: 50, title: "b" },
    { start: 0, title: "a" },
    { start: 99, title: "after the end" },
  ];
  const found = chaptersOf(declared, "0:00 x\n0:10 y", 60);
  expect(found.map(({ title }) => title)).toEqual(["a", "b"]);
  expect(chapterAt(found, 49.9)).toBe(0);
  expect(chapterAt(found, 50)).toBe(1);
  expect(chapterAt([], 1)).toBe(-1);
});

test("a description is shown without the lines that are chapters", () => {
  expect(withoutChapters("A talk.\n\n0:00 Intro\n1:30 Plan\nThanks!")).toBe("A talk.\n\nThanks!");
  expect(withoutChapters("A talk.\n\n0:00 Intro\n1:30 Plan\n\nThanks!")).toBe("A talk.\n\nThanks!");
  expect(withoutChapters("0:00 Intro\n1:30 Plan")).toBe("");
  expect(withoutChapters("Best at 1:30 sharp\n1:30 Plan")).toBe("Best at 1:30 sharp\n1:30 Plan");
});
