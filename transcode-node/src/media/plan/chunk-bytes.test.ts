/** The bytes of each chunk, from a table of samples that are a thousand bytes and a second long. */
import { expect, test } from "vitest";
import type { SourcePlaces } from "../index/facts.ts";
import { chunkBytes } from "./chunk-bytes.ts";

const MIB = 2 ** 20;
const grid = { rate: { num: 1, den: 1 }, segmentFrames: 2, totalFrames: 100, preRoll: 1 };
const chunks = [
  { index: 0, firstFrame: 0, frames: 20 },
  { index: 1, firstFrame: 20, frames: 40 },
  { index: 2, firstFrame: 60, frames: null },
];

/** A hundred samples with a keyframe each ten seconds, `apart` bytes from one to the next. */
const placed = (apart: number, base = 0): SourcePlaces => ({
  samples: {
    offsets: Float64Array.from({ length: 100 }, (_, n) => base + n * apart),
    sizes: new Uint32Array(100).fill(1000),
    times: Float64Array.from({ length: 100 }, (_, n) => n),
    keys: Uint32Array.from({ length: 10 }, (_, n) => 10 * n),
  },
  shift: 0,
  opening: [{ from: 0, to: 9 }],
  size: base + 99 * apart + 1000,
});

test("a chunk reads from the keyframe before its pre-roll to two seconds after its end", () => {
  const base = 10 * MIB;
  const [first, second, last] = chunkBytes(placed(1000, base), { grid, chunks });
  expect(first).toEqual([
    { from: 0, to: 9 },
    { from: base, to: base + 23_000 - 1 },
  ]);
  // From 18 s: a keyframe at 10 s.
  expect(second?.[1]).toEqual({ from: base + 10_000, to: base + 63_000 - 1 });
  expect(last?.[1]).toEqual({ from: base + 50_000, to: base + 100_000 - 1 });
});

test("where the track begins later on the timeline, its samples are earlier ones", () => {
  const base = 10 * MIB;
  const [, second] = chunkBytes({ ...placed(1000, base), shift: 9 }, { grid, chunks });
  expect(second?.[1]).toEqual({ from: base, to: base + 54_000 - 1 });
});

test("samples far apart are ranges of their own, up to a number; the file's end is kept", () => {
  const [first] = chunkBytes(placed(4 * MIB), { grid, chunks });
  expect(first).toHaveLength(23);
  expect(first?.[1]).toEqual({ from: 4 * MIB, to: 4 * MIB + 999 });
  const [, second] = chunkBytes(placed(4 * MIB), { grid, chunks });
  expect(second).toEqual([{ from: 0, to: 62 * 4 * MIB + 999 }]);
});

test("samples that lie in another order than they are decoded are all named", () => {
  const places = placed(4 * MIB);
  places.samples.offsets.reverse();
  const [first] = chunkBytes(places, { grid, chunks: chunks.slice(0, 1) });
  expect(first?.at(-1)).toEqual({ from: 99 * 4 * MIB, to: 99 * 4 * MIB + 999 });
  expect(first?.[1]).toEqual({ from: 77 * 4 * MIB, to: 77 * 4 * MIB + 999 });
});

test("without a list of keyframes each sample is one", () => {
  const base = 10 * MIB;
  const places = placed(1000, base);
  places.samples.keys = null;
  const [, second] = chunkBytes(places, { grid, chunks });
  expect(second?.[1]?.from).toBe(base + 18_000);
});
