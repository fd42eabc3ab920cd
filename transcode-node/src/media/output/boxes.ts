/**
 * ISO base media boxes (ISO/IEC 14496-12), as far as our own outputs use them: reads a chunk's init segment
 * and fragments.
 */
import { createHash } from "node:crypto";

export type Box = { type: string; start: number; body: number; end: number };

/** Boxes between `from` and `to`. Throws where a box extends beyond its parent. */
export function* boxes(bytes: Buffer, from = 0, to = bytes.length): Generator<Box> {
  let start = from;
  while (start + 8 <= to) {
    let size = bytes.readUInt32BE(start);
    let body = start + 8;
    if (size === 1 && start + 16 <= to) {
      size = Number(bytes.readBigUInt64BE(start + 8));
      body = start + 16;
    } else if (size === 0) {
      size = to - start;
    }
    const end = start + size;
    if (size < body - start || end > to) throw new Error(`box at ${start} of ${size} bytes runs over`);
    yield { type: bytes.toString("latin1", start + 4, start + 8), start, body, end };
    start = end;
  }
}

/** The first box under a path like `moov/trak/mdia`, among those that `walk` finds; undefined where there is none. */
export function find(
  bytes: Buffer,
  path: string,
  from = 0,
  to = bytes.length,
  walk = boxes,
): Box | undefined {
  let within: Box | undefined;
  for (const type of path.split("/")) {
    within = first(walk(bytes, within?.body ?? from, within?.end ?? to), type);
    if (!within) return undefined;
  }
  return within;
}

/** One after the other: a malicious file can hold millions of empty boxes. */
function first(among: Iterable<Box>, type: string): Box | undefined {
  for (const box of among) if (box.type === type) return box;
  return undefined;
}

const need = (bytes: Buffer, path: string, within?: Box): Box => {
  const box = find(bytes, path, within?.body, within?.end);
  if (!box) throw new Error(`no ${path} box`);
  return box;
};

export type Init = {
  length: number;
  hash: string;
  timescale: number;
  codecs: string;
  defaultDuration: number;
};

/** Reads `ftyp` + `moov` of one of our outputs (one track). Throws where something is missing. */
export function readInit(bytes: Buffer): Init {
  const media = need(bytes, "moov/trak/mdia");
  const header = need(bytes, "mdhd", media);
  const timescale = bytes.readUInt32BE(header.body + (bytes[header.body] === 1 ? 20 : 12));
  const trex = need(bytes, "moov/mvex/trex");
  return {
    length: bytes.length,
    hash: createHash("sha256").update(bytes).digest("hex"),
    timescale,
    codecs: codecsOf(bytes, need(bytes, "minf/stbl/stsd", media)),
    defaultDuration: bytes.readUInt32BE(trex.body + 12),
  };
}

const hex2 = (value: number | undefined) => (value ?? 0).toString(16).padStart(2, "0");

/**
 * RFC 6381 name of the only sample entry. Visual entries have 78 bytes before their boxes, audio entries 28.
 */
function codecsOf(bytes: Buffer, stsd: Box): string {
  const [entry] = boxes(bytes, stsd.body + 8, stsd.end);
  if (entry?.type === "avc1") {
    const avcC = need(bytes, "avcC", { ...entry, body: entry.body + 78 });
    const [profile, constraints, level] = [1, 2, 3].map((n) => bytes[avcC.body + n]);
    return `avc1.${hex2(profile)}${hex2(constraints)}${hex2(level)}`;
  }
  if (entry?.type === "av01") {
    const av1C = need(bytes, "av1C", { ...entry, body: entry.body + 78 });
    return av1Codec(bytes[av1C.body + 1] ?? 0, bytes[av1C.body + 2] ?? 0);
  }
  if (entry?.type === "mp4a") {
    const esds = need(bytes, "esds", { ...entry, body: entry.body + 28 });
    return `mp4a.40.${audioObjectType(bytes.subarray(esds.body + 4, esds.end))}`;
  }
  throw new Error(`unknown sample entry ${entry?.type}`);
}

/**
 * The codec string of an encoded rendition whose chunks may come from several encoders: some devices signal
 * their High profile as `progressive, no B-frames` (constraint_set4 and 5 of ITU-T H.264, section A.2.4), and
 * the playlist's one codec string must cover them all.
 */
export const commonName = (codecs: string): string => codecs.replace(/^avc1\.64[0-9a-f]{2}/, "avc1.6400");

/** AV1 Codec ISO Media File Format Binding, section 5: profile, level, tier, bit depth. */
function av1Codec(first: number, second: number): string {
  const level = String(first & 0x1f).padStart(2, "0");
  const tier = second & 0x80 ? "H" : "M";
  const depth = second & 0x40 ? (second & 0x20 ? "12" : "10") : "08";
  return `av01.${first >> 5}.${level}${tier}.${depth}`;
}

/** ISO/IEC 14496-1: the first five bits of the decoder specific info (descriptor tag 5). */
function audioObjectType(descriptors: Buffer): number {
  let at = 0;
  const header = () => {
    const tag = descriptors[at++];
    while ((descriptors[at++] ?? 0) & 0x80);
    return tag;
  };
  if (header() !== 3) throw new Error("no ES descriptor");
  at += 3;
  if (header() !== 4) throw new Error("no decoder config");
  at += 13;
  if (header() !== 5) throw new Error("no decoder specific info");
  return (descriptors[at] ?? 0) >> 3;
}

export type Fragment = { decodeTime: number; samples: number; duration: number; firstOffset: number };

/** Reads one `moof` (whole box, one track). Durations and times in ticks of the track's timescale. */
export function readFragment(moof: Buffer, defaultDuration: number): Fragment {
  const traf = need(moof, "moof/traf");
  const tfdt = need(moof, "tfdt", traf);
  const decodeTime =
    moof[tfdt.body] === 1 ? Number(moof.readBigUInt64BE(tfdt.body + 4)) : moof.readUInt32BE(tfdt.body + 4);
  const usual = headerDuration(moof, need(moof, "tfhd", traf)) ?? defaultDuration;
  const fragment: Fragment = { decodeTime, samples: 0, duration: 0, firstOffset: 0 };
  for (const box of boxes(moof, traf.body, traf.end)) {
    if (box.type === "trun") addRun(moof, box, usual, fragment);
  }
  return fragment;
}

function headerDuration(moof: Buffer, tfhd: Box): number | undefined {
  const flags = moof.readUIntBE(tfhd.body + 1, 3);
  if (!(flags & 0x08)) return undefined;
  return moof.readUInt32BE(tfhd.body + 8 + (flags & 0x01 ? 8 : 0) + (flags & 0x02 ? 4 : 0));
}

function addRun(moof: Buffer, trun: Box, usual: number, into: Fragment): void {
  const flags = moof.readUIntBE(trun.body + 1, 3);
  const samples = moof.readUInt32BE(trun.body + 4);
  const before = (bits: number) =>
    4 * [0x100, 0x200, 0x400, 0x800].filter((bit) => bit & bits & flags).length;
  const step = before(0xf00);
  let at = trun.body + 8 + (flags & 0x01 ? 4 : 0) + (flags & 0x04 ? 4 : 0);
  for (let n = 0; n < samples; n++, at += step) {
    into.duration += flags & 0x100 ? moof.readUInt32BE(at) : usual;
    if (n === 0 && into.samples === 0 && flags & 0x800)
      into.firstOffset = moof.readInt32BE(at + before(0x700));
  }
  into.samples += samples;
}
