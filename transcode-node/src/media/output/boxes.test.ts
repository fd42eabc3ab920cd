/**
 * Boxes of our own outputs, built by hand: what is read from an init segment and a fragment, and a stream
 * split at every byte.
 */
import { describe, expect, test } from "vitest";
import { boxes, commonName, find, readFragment, readInit } from "./boxes.ts";
import { StreamCutter } from "./fragments.ts";

const u16 = (n: number) => Buffer.from([n >> 8, n & 255]);
const u32 = (n: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(n >>> 0);
  return bytes;
};
const box = (type: string, ...body: Buffer[]) => {
  const inside = Buffer.concat(body);
  return Buffer.concat([u32(inside.length + 8), Buffer.from(type, "latin1"), inside]);
};
const full = (type: string, version: number, flags: number, ...body: Buffer[]) =>
  box(type, u32((version << 24) | flags), ...body);

const avcC = box("avcC", Buffer.from([1, 0x64, 0x00, 0x1f, 0xff]));
const esds = full(
  "esds",
  0,
  0,
  Buffer.from(`038080802200010004808080144015${"00".repeat(11)}05808080021190060102`, "hex"),
);
const init = (entry: Buffer, timescale: number) =>
  Buffer.concat([
    box("ftyp", Buffer.from("iso6")),
    box(
      "moov",
      box(
        "trak",
        box(
          "mdia",
          full("mdhd", 0, 0, u32(0), u32(0), u32(timescale), u32(0), u32(0)),
          box("minf", box("stbl", full("stsd", 0, 0, u32(1), entry))),
        ),
      ),
      box("mvex", full("trex", 0, 0, u32(1), u32(1), u32(1001), u32(0), u32(0))),
    ),
  ]);
const picture = init(box("avc1", Buffer.alloc(78), avcC), 30_000);
const sound = init(box("mp4a", Buffer.alloc(28), esds), 48_000);

/** A fragment of `durations.length` samples; `offset` is the first composition offset. */
const moof = (decodeTime: number, durations: number[], offset = 0) => {
  const entries = durations.map((duration, n) =>
    Buffer.concat([u32(duration), u32(7), u32(n === 0 ? offset : 2002)]),
  );
  return box(
    "moof",
    box(
      "traf",
      full("tfhd", 0, 0x020008, u32(1), u32(1001)),
      full("tfdt", 1, 0, u32(0), u32(decodeTime)),
      full("trun", 1, 0x000b05, u32(durations.length), u32(100), u32(0x02000000), ...entries),
    ),
  );
};

describe("init", () => {
  test("of a picture", () => {
    expect(readInit(picture)).toMatchObject({
      length: picture.length,
      timescale: 30_000,
      codecs: "avc1.64001f",
      defaultDuration: 1001,
    });
  });
  test("is called what its avcC says; encoded chunks of a device's High go by the wider name", () => {
    const named = (bytes: number[]) =>
      readInit(init(box("avc1", Buffer.alloc(78), box("avcC", Buffer.from(bytes))), 30_000)).codecs;
    expect(named([1, 0x64, 0x0c, 0x1f, 0xff])).toBe("avc1.640c1f");
    expect(commonName("avc1.640c1f")).toBe("avc1.64001f");
    for (const bytes of [0x42, 0x4d])
      expect(commonName(named([1, bytes, 0xc0, 0x1e, 0xff]))).toBe(named([1, bytes, 0xc0, 0x1e, 0xff]));
  });
  test("of sound", () => {
    expect(readInit(sound)).toMatchObject({ timescale: 48_000, codecs: "mp4a.40.2" });
  });
  test("of AV1", () => {
    const of = (bytes: number[]) =>
      readInit(init(box("av01", Buffer.alloc(78), box("av1C", Buffer.from(bytes))), 25)).codecs;
    expect(of([0x81, 0x08, 0x0c, 0])).toBe("av01.0.08M.08");
    expect(of([0x81, 0x0d, 0x4c, 0])).toBe("av01.0.13M.10");
  });
  test("its hash follows its bytes", () => {
    expect(readInit(picture).hash).toMatch(/^[0-9a-f]{64}$/);
    expect(readInit(picture).hash).not.toBe(readInit(sound).hash);
  });
});

describe("fragment", () => {
  test("time, samples, duration and first composition offset", () => {
    expect(readFragment(moof(60_060, [1001, 1001, 1001], -3), 0)).toEqual({
      decodeTime: 60_060,
      samples: 3,
      duration: 3003,
      firstOffset: -3,
    });
  });
  test("without durations per sample the header's counts, else the track's", () => {
    const bare = (flags: number, ...more: Buffer[]) =>
      box(
        "moof",
        box(
          "traf",
          full("tfhd", 0, flags, u32(1), ...more),
          full("tfdt", 0, 0, u32(5)),
          full("trun", 0, 0, u32(4)),
        ),
      );
    expect(readFragment(bare(0x08, u32(500)), 1001).duration).toBe(2000);
    expect(readFragment(bare(0), 1001).duration).toBe(4004);
  });
});

test("a box that runs over its parent is refused", () => {
  expect(() => [...boxes(Buffer.concat([u32(100), Buffer.from("free")]))]).toThrow("runs over");
  expect(find(picture, "moov/trak/nope")).toBeUndefined();
});

test("a stream is cut into init and segments, however its bytes arrive", () => {
  const mdat = (length: number) => box("mdat", Buffer.alloc(length, 1));
  const first = Buffer.concat([moof(0, [1024, 1024]), mdat(700)]);
  const second = Buffer.concat([box("styp", u16(0)), moof(2048, [1024]), mdat(3)]);
  const stream = Buffer.concat([sound, first, second]);
  for (const step of [1, 7, 500, stream.length]) {
    const cutter = new StreamCutter();
    const segments = [];
    for (let at = 0; at < stream.length; at += step)
      segments.push(...cutter.feed(stream.subarray(at, at + step)));
    expect(cutter.init?.bytes.equals(sound)).toBe(true);
    expect(segments.map(({ decodeTime, samples }) => [decodeTime, samples])).toEqual([
      [0, 2],
      [2048, 1],
    ]);
    expect(
      Buffer.concat(segments.map((segment) => segment.bytes)).equals(Buffer.concat([first, second])),
    ).toBe(true);
    expect(cutter.left).toBe(0);
  }
});
