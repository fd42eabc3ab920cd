/** H.264 parameter sets inside the segments (ISO/IEC 14496-15, `avc3`): one file may then hold what several encoders made. */
import { boxes, find } from "./boxes.ts";

/** Of `avcC`: version, profile, constraints, level, bytes of a length less one. */
const SETS_AT = 5;
const FIXED_AT = 78;

/** The SPS and PPS of an init with one `avc1` entry, each after its length, as samples hold them. Throws where there are none. */
export function parameterSetsOf(init: Buffer): Buffer {
  const stsd = find(init, "moov/trak/mdia/minf/stbl/stsd");
  const [entry] = stsd ? boxes(init, stsd.body + 8, stsd.end) : [];
  const avcC = entry?.type === "avc1" ? find(init, "avcC", entry.body + FIXED_AT, entry.end) : undefined;
  if (!avcC) throw new Error("the init has no avcC box");
  if ((init[avcC.body + 4] ?? 0) % 4 !== 3) throw new Error("lengths are not of four bytes");
  const sets: Buffer[] = [];
  let at = avcC.body + SETS_AT;
  // First all SPS (their count in five bits), then all PPS.
  for (const mask of [0x1f, 0xff]) {
    const count = (init[at++] ?? 0) & mask;
    for (let n = 0; n < count; n++) {
      const length = init.readUInt16BE(at);
      const prefix = Buffer.alloc(4);
      prefix.writeUInt32BE(length);
      sets.push(prefix, init.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
  }
  return Buffer.concat(sets);
}

const SAMPLE_SIZES = 0x200;

/** `[styp] moof mdat` with `sets` before its first picture. Throws where the fragment is not of the one form that we write. */
export function withParameterSets(segment: Buffer, sets: Buffer): Buffer {
  const bytes = Buffer.from(segment);
  const [moof, mdat] = ["moof", "mdat"].map((type) => [...boxes(bytes)].find((box) => box.type === type));
  const traf = moof && find(bytes, "traf", moof.body, moof.end);
  if (!traf || !mdat || mdat.body !== mdat.start + 8) throw new Error("no moof and mdat");
  const runs = [...boxes(bytes, traf.body, traf.end)].filter((box) => box.type === "trun");
  const [run] = runs;
  // In a second run the offset of its data would have to move too; FFmpeg writes one for one track.
  if (!run || runs.length > 1) throw new Error(`${runs.length} runs`);
  grow(bytes, firstSize(bytes, run.body), sets.length);
  grow(bytes, mdat.start, sets.length);
  return Buffer.concat([bytes.subarray(0, mdat.body), sets, bytes.subarray(mdat.body)]);
}

/** Where a run (its body at `at`) says how large its first sample is. */
function firstSize(bytes: Buffer, at: number): number {
  const flags = bytes.readUIntBE(at + 1, 3);
  if (!(flags & SAMPLE_SIZES)) throw new Error("the run has no sizes of its own");
  // Version, flags and count; then what the flags announce: offset of the data, first sample's flags, its duration.
  return at + 8 + [0x01, 0x04, 0x100].reduce((bytesBefore, bit) => bytesBefore + (flags & bit ? 4 : 0), 0);
}

const grow = (bytes: Buffer, at: number, by: number) => bytes.writeUInt32BE(bytes.readUInt32BE(at) + by, at);
