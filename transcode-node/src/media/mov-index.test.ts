/** Sample tables that claim more than anybody can count: read in a moment, or refused. */
import { expect, test } from "vitest";
import { movFacts, movTable } from "./mov-index.ts";

const u32 = (...numbers: number[]) => {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [n, number] of numbers.entries()) bytes.writeUInt32BE(number, 4 * n);
  return bytes;
};
const box = (type: string, ...content: Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(8 + body.length), Buffer.from(type, "latin1"), body]);
};

/** A track of `count` samples of one byte each and one tick long, all in one chunk at the file's start. */
const track = (count: number) =>
  box(
    "trak",
    box(
      "mdia",
      box("mdhd", u32(0, 0, 0, 48_000, count)),
      box(
        "minf",
        box(
          "stbl",
          box("stts", u32(0, 1, count, 1)),
          box("stsz", u32(0, 1, count)),
          box("stsc", u32(0, 1, 1, count, 1)),
          box("stco", u32(0, 1, 0)),
        ),
      ),
    ),
  );

const tableOf = (size: number, ...tracks: Buffer[]) => {
  const bytes = Buffer.concat([box("ftyp", Buffer.from("isom")), box("moov", ...tracks)]);
  return movTable(async (from, to) => bytes.subarray(from, to + 1), size);
};
const probed = {
  streams: [{ index: 0, codec_type: "video", duration: 10, disposition: {}, tags: {}, side_data_list: [] }],
  format: { format_name: "mov,mp4" },
};

test("a day of sound, sample by sample, takes no time and no memory", async () => {
  const began = performance.now();
  const { tracks } = await tableOf(5e9, track(24 * 3600 * 48_000));
  expect(tracks[0]?.lastByte).toBe(24 * 3600 * 48_000);
  expect(performance.now() - began).toBeLessThan(1_000);
});

test("samples beyond the file's end are missing", async () => {
  await expect(tableOf(4_000, track(4_001))).rejects.toMatchObject({ code: "source.truncated" });
});

test("four thousand million pictures are no video", async () => {
  const table = await tableOf(5e9, track(0xffff_ffff));
  expect(() => movFacts(table, { probed, start: 0 })).toThrow(
    expect.objectContaining({ code: "source.damaged" }),
  );
});

test("where every picture is a keyframe the gap is the longest picture, the end counted as one", async () => {
  const table = await tableOf(5e9, track(48_000));
  expect(movFacts(table, { probed, start: 0 }).keyframeGap).toBeCloseTo(9, 3);
});

test("thousands of tracks are not all read", async () => {
  const { tracks } = await tableOf(5e9, ...Array.from({ length: 2_000 }, () => track(1)));
  expect(tracks.length).toBe(128);
});
