/**
 * Damages files: wrong lengths, boxes of other types, spans lost, doubled or swapped, ends cut, URLs written
 * into them.
 */
import type { Whole } from "./inputs.ts";
import type { Random } from "./random.ts";

type Mutation = (bytes: Buffer, random: Random, others: readonly [Whole, ...Whole[]]) => Buffer;

/** Numbers at which parsers of lengths go wrong. */
const EXTREMES = [
  0, 1, 7, 8, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff,
] as const;

/** Box types that parsers interpret. */
const TYPES = ["free", "moov", "mdat", "trak", "stco", "stsz", "elst", "mvex", "encv", "meta"] as const;
const BOX =
  /(moov|mvhd|trak|tkhd|edts|elst|mdia|mdhd|hdlr|minf|stbl|stsd|stts|stss|ctts|stsc|stsz|stco|moof|traf|trun|mdat)/g;

/** Headers are at a file's start and, in some, at its end. */
const headerPlace = (bytes: Buffer, random: Random) => {
  const near = Math.min(bytes.length, 2048);
  const place = random.below(near);
  return random.below(3) === 0 ? bytes.length - 1 - place : place;
};

function span(bytes: Buffer, random: Random): { from: number; to: number } {
  const from = random.below(bytes.length);
  return { from, to: Math.min(bytes.length, from + 1 + random.below(random.below(4) === 0 ? 8192 : 300)) };
}

/** The positions of box types; none in other containers. */
const boxesIn = (bytes: Buffer): number[] =>
  [...bytes.toString("latin1").matchAll(BOX)].map(({ index }) => index).filter((at) => at >= 4);

const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  // Bytes anywhere.
  (bytes, random) => {
    for (let n = 1 + random.below(20); n > 0; n--) bytes[random.below(bytes.length)] = random.below(256);
    return bytes;
  },
  // Bytes of a header.
  (bytes, random) => {
    for (let n = 1 + random.below(6); n > 0; n--) bytes[headerPlace(bytes, random)] = random.below(256);
    return bytes;
  },
  // A length or a count in a header.
  (bytes, random) => {
    const at = Math.max(0, Math.min(headerPlace(bytes, random), bytes.length - 4));
    bytes.writeUInt32BE(random.pick(EXTREMES), at);
    return bytes;
  },
  // A box's length, type or one of its fields.
  (bytes, random) => {
    const boxes = boxesIn(bytes);
    const at = boxes[random.below(boxes.length)];
    if (at === undefined || at + 40 > bytes.length) return bytes;
    const how = random.below(3);
    if (how === 0) bytes.writeUInt32BE(random.pick(EXTREMES), at - 4);
    if (how === 1) bytes.write(random.pick(TYPES), at, "latin1");
    if (how === 2) bytes.writeUInt32BE(random.pick(EXTREMES), at + 4 + 4 * random.below(8));
    return bytes;
  },
  // Two tracks swap their kinds.
  (bytes) => {
    const [video, audio] = ["vide", "soun"].map((kind) => bytes.indexOf(kind, 0, "latin1"));
    if (video !== undefined && video > 0) bytes.write("soun", video, "latin1");
    if (audio !== undefined && audio > 0) bytes.write("vide", audio, "latin1");
    return bytes;
  },
  // Two spans swap places.
  (bytes, random) => {
    const length = 1 + random.below(Math.min(2000, bytes.length / 4));
    const [a = 0, b = 0] = [0, 1].map((half) => (half * bytes.length) / 2 + random.below(bytes.length / 4));
    const [one, other] = [a, b].map((at) => Buffer.from(bytes.subarray(at, at + length)));
    other?.copy(bytes, a);
    one?.copy(bytes, b);
    return bytes;
  },
  (bytes, random) => bytes.subarray(0, 1 + random.below(bytes.length)),
  (bytes, random) => {
    const { from, to } = span(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (bytes, random) => {
    const { from, to } = span(bytes, random);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  (bytes, random) => {
    const { from, to } = span(bytes, random);
    return bytes.fill(random.pick([0, 0xff, 0x47, 0x55]), from, to);
  },
  // The head of one file on the tail of another.
  (bytes, random, others) => {
    const { bytes: tail } = random.pick(others);
    return Buffer.concat([
      bytes.subarray(0, random.below(bytes.length)),
      tail.subarray(random.below(tail.length)),
    ]);
  },
];

/**
 * Damages a copy of `whole` once or several times; `trap` is a URL that nothing may request, written into
 * some.
 */
export function spoilt(
  whole: Whole,
  random: Random,
  others: readonly [Whole, ...Whole[]],
  trap: string,
): Buffer {
  let bytes = Buffer.from(whole.bytes);
  for (let n = 1 + random.below(3); n > 0; n--)
    bytes = Buffer.from(random.pick(MUTATIONS)(bytes, random, others));
  if (random.below(8) === 0)
    bytes.write(`\n#EXTM3U\n#EXTINF:2,\n${trap}\n`, random.below(bytes.length), "latin1");
  return bytes;
}
