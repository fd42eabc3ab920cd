/**
 * H.264 parameter sets inside the segments (ISO/IEC 14496-15, `avc3`): one file may then hold chunks of
 * several encoders.
 */
import { boxes, find } from "./boxes.ts";

/** Of `avcC`: version, profile, constraints, level, bytes of a length minus one. */
const SETS_AT = 5;
const FIXED_AT = 78;

/**
 * The NAL units of an init segment's one `avc1` entry: every SPS, then every PPS. Throws where there is no
 * avcC box.
 */
export function parameterUnits(init: Buffer): Buffer[] {
  const stsd = find(init, "moov/trak/mdia/minf/stbl/stsd");
  const [entry] = stsd ? boxes(init, stsd.body + 8, stsd.end) : [];
  const avcC = entry?.type === "avc1" ? find(init, "avcC", entry.body + FIXED_AT, entry.end) : undefined;
  if (!avcC) throw new Error("the init has no avcC box");
  if ((init[avcC.body + 4] ?? 0) % 4 !== 3) throw new Error("lengths are not of four bytes");
  const units: Buffer[] = [];
  let at = avcC.body + SETS_AT;
  // The count of SPS has five bits.
  for (const mask of [0x1f, 0xff]) {
    for (let left = (init[at++] ?? 0) & mask; left > 0; left--) {
      const length = init.readUInt16BE(at);
      units.push(init.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
  }
  return units;
}

/** Those units, each after its length, as samples hold them. */
export const parameterSetsOf = (init: Buffer): Buffer =>
  Buffer.concat(
    parameterUnits(init).flatMap((unit) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(unit.length);
      return [length, unit];
    }),
  );

const SAMPLE_SIZES = 0x200;

/**
 * `[styp] moof mdat` with `sets` before its first frame. Throws where the fragment is not in the one form
 * that we write.
 */
export function withParameterSets(segment: Buffer, sets: Buffer): Buffer {
  const bytes = Buffer.from(segment);
  const [moof, mdat] = ["moof", "mdat"].map((type) => [...boxes(bytes)].find((box) => box.type === type));
  const traf = moof && find(bytes, "traf", moof.body, moof.end);
  if (!traf || !mdat || mdat.body !== mdat.start + 8) throw new Error("no moof and mdat");
  const runs = [...boxes(bytes, traf.body, traf.end)].filter((box) => box.type === "trun");
  const [run] = runs;
  // A second run's data offset would have to change too; FFmpeg writes one run for one track.
  if (!run || runs.length > 1) throw new Error(`${runs.length} runs`);
  grow(bytes, firstSize(bytes, run.body), sets.length);
  grow(bytes, mdat.start, sets.length);
  return Buffer.concat([bytes.subarray(0, mdat.body), sets, bytes.subarray(mdat.body)]);
}

/** Position of the first sample's size in a run (its body at `at`). */
function firstSize(bytes: Buffer, at: number): number {
  const flags = bytes.readUIntBE(at + 1, 3);
  if (!(flags & SAMPLE_SIZES)) throw new Error("the run has no sizes of its own");
  // Version, flags and count; then the optional fields: data offset, first sample's flags, its duration.
  return at + 8 + [0x01, 0x04, 0x100].reduce((bytesBefore, bit) => bytesBefore + (flags & bit ? 4 : 0), 0);
}

const grow = (bytes: Buffer, at: number, by: number) => bytes.writeUInt32BE(bytes.readUInt32BE(at) + by, at);
