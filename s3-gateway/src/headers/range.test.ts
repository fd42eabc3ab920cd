/** Every form of a range, and the spans it means on an object of several blobs. */
import { expect, it } from "vitest";
import { spansOf } from "../store/objects.ts";
import { readCopyRange, readRange } from "./range.ts";

it.each([
  ["bytes=0-0", 10, { from: 0, to: 0 }],
  ["bytes=5-", 10, { from: 5, to: 9 }],
  ["bytes=-4", 10, { from: 6, to: 9 }],
  ["bytes=-40", 10, { from: 0, to: 9 }],
  ["bytes=3-400", 10, { from: 3, to: 9 }],
  ["bytes=4-3", 10, null],
  ["bytes=-", 10, null],
  ["bytes=0-1,3-4", 10, null],
  ["items=0-1", 10, null],
  [undefined, 10, null],
] as const)("%s of %i bytes", (header, size, expected) => {
  expect(readRange(header, size)).toEqual(expected);
});

it.each([
  ["bytes=10-", 10],
  ["bytes=0-", 0],
  ["bytes=-0", 10],
  ["bytes=-1", 0],
] as const)("%s of %i bytes cannot be satisfied", (header, size) => {
  expect(() => readRange(header, size)).toThrow(expect.objectContaining({ code: "InvalidRange" }));
});

it("finds the spans of a stretch over blobs, empty ones too", () => {
  const pieces = [
    { blob: "a", start: 0, size: 5 },
    { blob: "nothing", start: 0, size: 0 },
    { blob: "b", start: 0, size: 5 },
    { blob: "c", start: 0, size: 1 },
  ];
  expect(spansOf(pieces, 0, 10)).toEqual([
    { blob: "a", from: 0, to: 4 },
    { blob: "b", from: 0, to: 4 },
    { blob: "c", from: 0, to: 0 },
  ]);
  expect(spansOf(pieces, 4, 5)).toEqual([
    { blob: "a", from: 4, to: 4 },
    { blob: "b", from: 0, to: 0 },
  ]);
  expect(spansOf(pieces, 0, -1)).toEqual([]);
});

it("finds the spans of a stretch over extents that begin within their blobs", () => {
  const pieces = [
    { blob: "a", start: 100, size: 5 },
    { blob: "a", start: 7, size: 5 },
  ];
  expect(spansOf(pieces, 3, 6)).toEqual([
    { blob: "a", from: 103, to: 104 },
    { blob: "a", from: 7, to: 8 },
  ]);
});

it.each([
  ["bytes=0-9", { from: 0, to: 9 }],
  ["bytes=3-3", { from: 3, to: 3 }],
  [undefined, null],
] as const)("%s of ten bytes to copy", (header, expected) => {
  expect(readCopyRange(header, 10)).toEqual(expected);
});

it.each(["bytes=0-10", "bytes=10-10", "bytes=3-2", "bytes=3-", "bytes=-3", "bytes=0-1,3-4", "3-4", ""])(
  "%j of ten bytes cannot be copied",
  (header) => {
    expect(() => readCopyRange(header, 10)).toThrow(expect.objectContaining({ code: "InvalidArgument" }));
  },
);
