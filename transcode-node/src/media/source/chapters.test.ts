/** Chapters of a file: in seconds of the timeline, each at its own time, with a title. */
import { expect, test } from "vitest";
import { chaptersOf } from "./chapters.ts";

const chapter = (start_time: number, title?: string) => ({
  start_time,
  tags: title === undefined ? {} : { title },
});

test("they are in order, from the timeline's zero, and end with the film", () => {
  const probed = [
    chapter(71.2, "Lake"),
    chapter(1.2, " Arrival\u0000 "),
    chapter(31.2),
    chapter(500, "after"),
  ];
  expect(chaptersOf(probed, 1.2, 100)).toEqual([
    { start: 0, title: "Arrival" },
    { start: 30, title: "Chapter 2" },
    { start: 70, title: "Lake" },
  ]);
});

test("what begins before the film begins with it, and of two at one time the first counts", () => {
  expect(chaptersOf([chapter(-3, "a"), chapter(0, "b"), chapter(9, "c")], 0, 10)).toEqual([
    { start: 0, title: "a" },
    { start: 9, title: "c" },
  ]);
});

test("one without a title divides nothing, and there are at most 200", () => {
  expect(chaptersOf([chapter(0)], 0, 10)).toEqual([]);
  expect(
    chaptersOf(
      Array.from({ length: 300 }, (_, at) => chapter(at)),
      0,
      1000,
    ),
  ).toHaveLength(200);
  expect(chaptersOf([chapter(0, `${"x".repeat(299)}🎬`)], 0, 9)[0]?.title.isWellFormed()).toBe(true);
});
