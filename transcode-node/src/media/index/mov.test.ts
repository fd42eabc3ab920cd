/** Sample tables that declare more samples than can be counted: read quickly, or refused. */
import { describe, expect, test } from "vitest";
import { movFacts, movTable } from "./mov.ts";

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

const reading = (bytes: Buffer) => async (from: number, to: number) => bytes.subarray(from, to + 1);

const tableOf = async (size: number, ...tracks: Buffer[]) => {
  const bytes = Buffer.concat([box("ftyp", Buffer.from("isom")), box("moov", ...tracks)]);
  const found = await movTable(reading(bytes), size);
  if (!found) throw new Error("no table");
  return found;
};
const probed = {
  streams: [{ index: 0, codec_type: "video", duration: 10, disposition: {}, tags: {}, side_data_list: [] }],
  format: { format_name: "mov,mp4" },
};

test("a day of sound, sample by sample, takes no time and no memory", async () => {
  // CPU time of this thread: other busy processes do not count.
  const began = process.threadCpuUsage().user;
  const { tracks } = await tableOf(5e9, track(24 * 3600 * 48_000));
  expect(tracks[0]?.lastByte).toBe(24 * 3600 * 48_000);
  expect((process.threadCpuUsage().user - began) / 1_000).toBeLessThan(1_000);
});

test("samples beyond the file's end are missing", async () => {
  await expect(tableOf(4_000, track(4_001))).rejects.toMatchObject({ code: "source.truncated" });
});

test("four thousand million frames are no video", async () => {
  const table = await tableOf(5e9, track(0xffff_ffff));
  expect(() => movFacts(table, { probed, start: 0 })).toThrow(
    expect.objectContaining({ code: "source.damaged" }),
  );
});

test("where every picture is a keyframe the gap is the longest picture, the end counted as one", async () => {
  const table = await tableOf(5e9, track(48_000));
  expect(movFacts(table, { probed, start: 0 }).keyframeGap).toBeCloseTo(9, 3);
});

test("a thousand tracks are more than we read, and that is what is said", async () => {
  const tracks = Array.from({ length: 1_002 }, () => track(1));
  await expect(tableOf(5e9, ...tracks)).rejects.toMatchObject({ code: "source.too_many_streams" });
});

test("boxes and entries without number are not looked at: FFmpeg reads such a file, or says why not", async () => {
  const empty = Array.from({ length: 2_001 }, () => box("free"));
  await expect(tableOf(5e9, box("trak", ...empty), track(1))).rejects.toThrow("more than 2000 boxes");
  await expect(tableOf(5e9, ...empty, track(1))).rejects.toThrow("more than 2000 boxes");
  const runs = box("stts", u32(0, 8_000_001), Buffer.alloc(8 * 8_000_001));
  const sized = box("stsz", u32(0, 1, 1));
  const minf = box("minf", box("stbl", runs, sized, box("stsc", u32(0, 0)), box("stco", u32(0, 0))));
  const table = await tableOf(5e9, box("trak", box("mdia", box("mdhd", u32(0, 0, 0, 48_000, 1)), minf)));
  expect(() => table.tracks[0]?.seconds()).toThrow("a table of 8000001 entries");
});

describe("around the movie", () => {
  const movie = box("moov", track(100));
  const head = box("ftyp", Buffer.from("isom"));
  const free = box("free");
  /** Its samples are the file's first hundred bytes. */
  const found = (...parts: Buffer[]) => {
    const bytes = Buffer.concat(parts);
    return movTable(reading(bytes), bytes.length);
  };

  test("hundreds of small boxes are walked in few reads, hundreds of thousands not at all", async () => {
    const bytes = Buffer.concat([head, ...Array.from({ length: 4_000 }, () => free), movie]);
    let reads = 0;
    const counted = async (from: number, to: number) => {
      reads++;
      return bytes.subarray(from, to + 1);
    };
    expect((await movTable(counted, bytes.length))?.tracks).toHaveLength(1);
    expect(reads).toBeLessThan(8);
    expect(await found(head, ...Array.from({ length: 30_000 }, () => free), movie)).toBeNull();
  });

  test("a box that claims more than there is counts for nothing where every sample is there", async () => {
    const mdat = box("mdat", Buffer.alloc(500));
    mdat.writeUInt32BE(mdat.length + 8);
    expect((await found(head, movie, mdat))?.tracks).toHaveLength(1);
    await expect(found(head, mdat)).rejects.toMatchObject({ code: "source.truncated" });
    const fragmented = box("moov", track(0), box("mvex"));
    await expect(found(head, fragmented, mdat)).rejects.toMatchObject({ code: "source.truncated" });
  });

  test("what is no box is damage; zeros are a download that stopped", async () => {
    const zeros = Buffer.alloc(400);
    await expect(found(head, zeros)).rejects.toMatchObject({ code: "source.truncated" });
    await expect(found(head, Buffer.alloc(400, 0x07))).rejects.toMatchObject({ code: "source.damaged" });
    expect((await found(head, movie, Buffer.alloc(400, 0x07)))?.tracks).toHaveLength(1);
    await expect(found(head, box("meta"))).rejects.toMatchObject({ code: "source.not_video" });
  });
});

describe("durations", () => {
  const said = (duration: number) => ({
    start: 0,
    probed: { ...probed, streams: probed.streams.map((stream) => ({ ...stream, duration })) },
  });

  test("a header that does not know is passed over for the table", async () => {
    expect(movFacts(await tableOf(5e9, track(48_000)), said(-0.001)).duration).toBe(1);
    expect(movFacts(await tableOf(5e9, track(48_000)), said(10)).duration).toBe(10);
  });
});
