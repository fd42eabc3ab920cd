/**
 * What a copied segment may consist of: NAL units of any kind that could break a viewer's decoder are
 * detected.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { copyFault } from "./copy-check.ts";

const u16 = (value: number) => Buffer.from([value >> 8, value & 0xff]);
const box = (type: string, ...content: Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(8 + body.length);
  return Buffer.concat([size, Buffer.from(type, "latin1"), body]);
};
const SPS = Buffer.from([0x67, 0x64, 0, 0x1f, 0xac]);
const PPS = Buffer.from([0x68, 0xee, 0x3c]);
const avcC = box(
  "avcC",
  Buffer.from([1, 0x64, 0, 0x1f, 0xff, 0xe1]),
  u16(SPS.length),
  SPS,
  Buffer.from([1]),
  u16(PPS.length),
  PPS,
);
const stsd = box("stsd", Buffer.alloc(8), box("avc1", Buffer.alloc(78), avcC));
const init = box("moov", box("trak", box("mdia", box("minf", box("stbl", stsd)))));
const unit = (...bytes: number[]) => Buffer.from([0, 0, 0, bytes.length, ...bytes]);
const [key, slice] = [unit(0x65, 1, 2), unit(0x41, 3)];

async function faultOf(segments: Buffer[][], stderr = ""): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), "storagex-copy-"));
  try {
    const path = join(folder, "chunk.mp4");
    const written = segments.map((units) => Buffer.concat([box("moof"), box("mdat", ...units)]));
    await writeFile(path, Buffer.concat([init, ...written]));
    let at = init.length;
    const cuts = written.map(({ length }) => {
      const offset = at;
      at += length;
      return { offset, length, decodeTime: 0, samples: 1, duration: 1, firstOffset: 0 };
    });
    const read = { length: init.length, hash: "", timescale: 25, codecs: "", defaultDuration: 1 };
    return await copyFault(path, { init: read, segments: cuts, size: at }, stderr);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("frames, delimiters and the init's own parameters repeated are fine", async () => {
  const repeated = [unit(0x09, 0x10), unit(...SPS), unit(...PPS), key, slice, unit(0x0c, 0xff)];
  expect(await faultOf([[key, slice], repeated])).toBeNull();
});

test.each([
  ["a frame that needs another before it", [slice, key], /IDR/],
  ["no frame at all", [unit(...SPS)], /IDR/],
  ["other parameters", [unit(0x67, 0x64, 0, 0x28, 0xac), key], /parameters/],
  ["partitioned slices", [key, unit(0x42, 1)], /type 2/],
  ["a second view", [key, unit(0x74, 1)], /type 20/],
  ["a unit longer than the segment", [key, Buffer.from([0, 0, 1, 0, 0x41])], /runs over/],
])("%s is found in the second segment", async (_, units, why) => {
  expect(await faultOf([[key, slice], units])).toMatch(why);
});

test.each([
  ["[h264 @ 0x55d0] error while decoding MB 4 5, bytestream -7", true],
  ["[vist#0:0/h264 @ 0x55d0] corrupt decoded frame", true],
  ["[dec:h264 @ 0x55d0] Decoding error: Invalid data found", true],
  ["[h264_nvenc @ 0x55d0] a word of the encoder's", false],
  ["[filter_units @ 0x55d0] 4 bytes left at end of AVCC header.", false],
])("%s", async (stderr, isFault) => {
  expect((await faultOf([[key]], stderr)) !== null).toBe(isFault);
});
