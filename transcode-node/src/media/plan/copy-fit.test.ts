/** Whether frames are on a grid as a copy needs them, decided from sample tables built by hand. */
import { expect, test } from "vitest";
import { type Frames, framesOf } from "../index/sample-table.ts";
import { find } from "../output/boxes.ts";
import { fitOf } from "./copy-fit.ts";

const u32 = (...numbers: number[]) => {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [n, number] of numbers.entries()) bytes.writeInt32BE(number | 0, 4 * n);
  return bytes;
};
const box = (type: string, ...content: Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(8 + body.length), Buffer.from(type, "latin1"), body]);
};
const RATE = { num: 25, den: 1 };
const TICKS = 512;
const TIMESCALE = 12_800;

type Recipe = {
  entries?: string[];
  lengths?: number[][];
  offsets?: number[][];
  keys?: number[];
  edits?: number[][];
  samples?: number;
};

/**
 * 200 frames of 1,000 bytes, a keyframe each 2 s, shown in decoding order, two frames of delay hidden by an
 * edit.
 */
function tableOf({
  entries = ["avc1"],
  lengths = [[200, TICKS]],
  offsets = [[200, 1024]],
  keys = [1, 51, 101, 151],
  edits = [[8_000, 1024]],
  samples = 200,
}: Recipe = {}) {
  const stsd = box("stsd", u32(0, entries.length), ...entries.map((type) => box(type)));
  const runs = (type: string, rows: number[][]) =>
    box(type, u32(0, rows.length), ...rows.map((row) => u32(...row)));
  const stbl = box(
    "stbl",
    ...[
      stsd,
      runs("stts", lengths),
      runs("ctts", offsets),
      runs(
        "stss",
        keys.map((key) => [key]),
      ),
    ],
    box("stsz", u32(0, 1_000, samples)),
  );
  const elst = runs(
    "elst",
    edits.map(([length = 0, from = 0, speed = 0x1_0000]) => [length, from, speed]),
  );
  const bytes = box("trak", ...(edits.length > 0 ? [box("edts", elst)] : []), stbl);
  const [trak, table] = [find(bytes, "trak"), find(bytes, "trak/stbl")];
  if (!trak || !table) throw new Error("no table");
  return framesOf(bytes, { trak, stbl: table, samples, timescale: TIMESCALE, movieTimescale: 1_000 });
}

function read(recipe?: Recipe): Frames {
  const frames = tableOf(recipe);
  if (typeof frames === "string") throw new Error(frames);
  return frames;
}
const fit = (recipe?: Recipe, rate = RATE) => fitOf(read(recipe), rate);

test("an ordinary file fits, its largest segment counted", () => {
  expect(fit()).toEqual({ segmentFrames: 50, totalFrames: 200, peak: (8 * 50_000) / 2 });
});

test.each([
  ["a keyframe each second: two to a segment", [1, 26, 51, 76, 101, 126, 151, 176], 50],
  ["2.4 s", [1, 61, 121, 181], 60],
  ["4 s", [1, 101], 100],
  ["1.6 s", [1, 41, 81, 121, 161], 40],
  ["every frame", Array.from({ length: 200 }, (_, n) => n + 1), 50],
])("%s", (_, keys, segmentFrames) => {
  expect(fit({ keys })).toMatchObject({ segmentFrames });
});

test.each([
  ["more than 4 s", [1, 102]],
  ["less than 1.5 s, and not of 2 s", [1, 31, 62, 93]],
  ["at odd places", [1, 51, 100, 151]],
  ["none at the start", [51, 101, 151]],
])("keyframes %s do not", (_, keys) => {
  expect(fit({ keys })).toMatch(/keyframes/);
});

test("frames before a keyframe on the timeline that follow it in the file need what lies before it", () => {
  // The keyframe at 50 is stored before two frames that are shown before it.
  const open = [
    [50, 1024],
    [1, 1024 + 2 * TICKS],
    [2, 1024 - TICKS],
    [147, 1024],
  ];
  expect(fit({ offsets: open, keys: [1, 51, 151] })).toMatch(/keyframes/);
  expect(
    fit({
      offsets: [
        [1, 1024],
        [1, 1024 + TICKS],
        [1, 1024 - TICKS],
        [197, 1024],
      ],
    }),
  ).toMatchObject({ totalFrames: 200 });
});

test("a clock that is not the grid's does not", () => {
  expect(fit({}, { num: 30, den: 1 })).toMatch(/clock/);
  expect(fit({}, { num: 50, den: 2 })).toMatchObject({ segmentFrames: 50 });
});

test.each<[string, Recipe, RegExp]>([
  ["two descriptions", { entries: ["avc1", "avc1"] }, /description/],
  ["parameter sets in the stream", { entries: ["avc3"] }, /description/],
  ["encrypted", { entries: ["encv"] }, /description/],
  [
    "one frame longer",
    {
      lengths: [
        [100, TICKS],
        [1, 2 * TICKS],
        [99, TICKS],
      ],
    },
    /length/,
  ],
  ["frames without a length", { lengths: [[199, TICKS]] }, /length/],
  [
    "a time shown twice",
    {
      offsets: [
        [10, 1024],
        [1, 1024 + TICKS],
        [189, 1024],
      ],
    },
    /holes/,
  ],
  [
    "a frame between two slots",
    {
      offsets: [
        [10, 1024],
        [1, 1100],
        [189, 1024],
      ],
    },
    /holes/,
  ],
  [
    "a frame beyond the end",
    {
      offsets: [
        [199, 1024],
        [1, 1024 + 5 * TICKS],
      ],
    },
    /holes/,
  ],
  ["an edit that begins later", { edits: [[8_000, 1024 + TICKS]] }, /edit list/],
  ["an edit that ends early", { edits: [[7_900, 1024]] }, /edit list/],
  [
    "an edit that waits first",
    {
      edits: [
        [400, -1],
        [8_000, 1024],
      ],
    },
    /edit list/,
  ],
  ["an edit at half speed", { edits: [[8_000, 1024, 0x8000]] }, /edit list/],
])("%s is refused", (_, recipe, why) => {
  expect(tableOf(recipe)).toMatch(why);
});

test("no edit list, and an edit rounded to the movie's clock, are none", () => {
  expect(tableOf({ edits: [] })).toMatchObject({ ticks: TICKS });
  expect(tableOf({ edits: [[7_990, 1024]] })).toMatchObject({ ticks: TICKS });
});
