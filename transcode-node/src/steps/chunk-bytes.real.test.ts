/**
 * A chunk is encoded from the bytes that its plan names, and nothing else of the source: what it does not name
 * has not been uploaded.
 */
import { readFile } from "node:fs/promises";
import type { ByteRange, CutPlan } from "@storagex/contract/tasks/plan";
import { afterEach, beforeEach, expect, test } from "vitest";
import { aac, fixture, tone } from "../testing/fixtures.ts";
import { type Store, startStore } from "../testing/store.ts";
import { encode, plan } from "../testing/walk.ts";
import { parseRange } from "../transfer/range.ts";

let store: Store;
beforeEach(async () => {
  store = await startStore();
});
afterEach(() => store[Symbol.asyncDispose]());

const SECONDS = 44;
/** Noise does not compress: the file is large enough that its beginning is only a small part. */
const noisy = [
  ...["-f", "lavfi", "-i", `testsrc2=size=320x180:rate=25:duration=${SECONDS},noise=alls=40:allf=t`],
  ...tone(SECONDS),
  ...["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-b:v", "6M", "-bf", "3"],
];
const inOrder = [...aac, "-shortest"];
const FILES: Record<string, string[]> = {
  "index at the front, long groups of pictures": [
    ...[...noisy, "-g", "200", "-keyint_min", "200", "-sc_threshold", "0", ...inOrder],
    ...["-movflags", "+faststart"],
  ],
  "index at the end": [...noisy, "-g", "50", ...inOrder],
  "matroska, cues at the end": [...noisy, "-g", "50", ...inOrder, "-f", "matroska"],
  "matroska, cues at the front": [
    ...[
      ...noisy,
      "-g",
      "50",
      ...inOrder,
      "-f",
      "matroska",
      "-cues_to_front",
      "1",
      "-reserve_index_space",
      "50000",
    ],
  ],
  "a first frame that is not at zero": [
    ...[...noisy, "-g", "50", ...inOrder, "-output_ts_offset", "3.5", "-movflags", "+faststart"],
  ],
};

/** Delivers only `ranges` of the object `key`; for what lies behind, the sender waits, as for an upload. */
function withhold(key: string, ranges: readonly ByteRange[]): { sent: ByteRange[]; asked: () => number } {
  const sent: ByteRange[] = [];
  let missing = 0;
  store.fault = (request, response) => {
    const bytes = store.objects.get(key);
    if (request.method !== "GET" || request.url !== `/${key}` || !bytes) return false;
    const range = parseRange(request.headers.range, bytes.length);
    if (!range) return false;
    response.writeHead(206, {
      "content-length": range.to - range.from + 1,
      "content-range": `bytes ${range.from}-${range.to}/${bytes.length}`,
    });
    const here = ranges.find(({ from, to }) => from <= range.from && range.from <= to);
    if (!here) {
      missing += 1;
      response.flushHeaders();
      return true;
    }
    const last = Math.min(range.to, here.to);
    sent.push({ from: range.from, to: last });
    response.write(bytes.subarray(range.from, last + 1));
    if (last === range.to) response.end();
    return true;
  };
  return { sent, asked: () => missing };
}

const total = (ranges: readonly ByteRange[]) => ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);

async function planned(args: string[]): Promise<{ made: CutPlan; size: number }> {
  const bytes = await readFile(await fixture("source.mp4", args));
  store.put("source", bytes);
  const made = await plan({ store, key: "source", workers: 2 });
  return { made, size: bytes.length };
}

test.each(Object.entries(FILES))("each chunk needs no byte more than its plan says: %s", async (_, args) => {
  const { made, size } = await planned(args);
  expect(made.chunks.length).toBeGreaterThanOrEqual(4);
  const walk = { store, key: "source" };
  for (const [index, chunk] of made.chunks.entries()) {
    const ranges = chunk.bytes ?? [];
    expect(ranges).not.toEqual([]);
    const { asked } = withhold("source", ranges);
    const objects = await encode(walk, made, index);
    const expected = chunk.frames ?? made.grid.totalFrames - chunk.firstFrame;
    expect([index, objects[0]?.frames, asked()]).toEqual([index, expected, 0]);
  }
  store.fault = null;
  // A plan that names everything would pass as well, and no task could begin early.
  const needed = made.chunks.map(({ bytes = [] }) => total(bytes) / size);
  expect(Math.max(...needed.slice(0, 2))).toBeLessThan(0.6);
});

test("a source without a table of samples names no bytes", async () => {
  const { made } = await planned([
    ...noisy,
    "-t",
    "12",
    ...inOrder,
    "-movflags",
    "+frag_keyframe+empty_moov",
  ]);
  expect(made.chunks.map(({ bytes }) => bytes)).toEqual(made.chunks.map(() => undefined));
});
