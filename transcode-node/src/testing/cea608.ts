/**
 * Makes clips with CEA-608 captions in their frames (ATSC A/53, part 4): SEI messages inserted into an H.264
 * stream.
 */
import { readFile, writeFile } from "node:fs/promises";

/** Two bytes of one frame, without parity. */
export type Pair = readonly [number, number];

/** Control codes of the first channel (CEA-608-E, section 8.4), each sent twice as encoders do. */
const control = (code: number): Pair[] => [
  [0x14, code],
  [0x14, code],
];

function letters(text: string): Pair[] {
  const codes = [...text].map((letter) => letter.charCodeAt(0));
  return Array.from(
    { length: Math.ceil(codes.length / 2) },
    (_, n): Pair => [codes[2 * n] ?? 0, codes[2 * n + 1] ?? 0],
  );
}

/** Builds `text` in the non-displayed memory, in the lowest row. */
export const popOn = (text: string): Pair[] => [
  ...control(0x20),
  ...control(0x2e),
  ...control(0x70),
  ...letters(text),
];
/** Two roll-up rows; each line is written as it is spoken. */
export const rollUp = (text: string): Pair[] => [
  ...control(0x25),
  ...control(0x2d),
  ...control(0x70),
  ...letters(text),
];
export const SHOW = control(0x2f);
export const ERASE = control(0x2c);

/** Odd parity in the highest bit. */
function withParity(byte: number): number {
  let ones = 0;
  for (let bit = 0; bit < 7; bit += 1) ones += (byte >> bit) & 1;
  return ones % 2 === 0 ? byte | 0x80 : byte;
}

/** `user_data_registered_itu_t_t35` with one pair for the first field and none for the second. */
export function captionMessage([first, second]: Pair): Buffer {
  const triples = [0xfc, withParity(first), withParity(second), 0xfd, 0x80, 0x80];
  return Buffer.from([0xb5, 0x00, 0x31, ...Buffer.from("GA94"), 0x03, 0x42, 0xff, ...triples, 0xff]);
}

const START = Buffer.from([0, 0, 0, 1]);

/** A NAL unit with the message. It contains no two consecutive zeros, so nothing needs escaping. */
const unitOf = (codec: "h264" | "mpeg2video", message: Buffer): Buffer =>
  codec === "h264"
    ? Buffer.concat([START, Buffer.from([6, 4, message.length]), message, Buffer.from([0x80])])
    : Buffer.concat([START, Buffer.from([0xb2]), message.subarray(3)]);

/**
 * Writes the elementary stream `from` (H.264 in Annex B with one slice per frame, or MPEG-2; no B-frames) to
 * `to` with captions: `pairs` by the number of the frame that carries them.
 */
export async function addCaptions(
  { from, to, codec = "h264" }: { from: string; to: string; codec?: "h264" | "mpeg2video" },
  pairs: ReadonlyMap<number, Pair>,
): Promise<void> {
  const stream = await readFile(from);
  const parts: Buffer[] = [];
  let frame = 0;
  let start = stream.indexOf("000001", 0, "hex");
  while (start >= 0) {
    const next = stream.indexOf("000001", start + 3, "hex");
    const code = stream[start + 3] ?? 0;
    const isFrame = codec === "h264" ? (code & 31) === 1 || (code & 31) === 5 : code === 1;
    if (isFrame) {
      parts.push(unitOf(codec, captionMessage(pairs.get(frame) ?? [0, 0])));
      frame += 1;
    }
    parts.push(Buffer.from([0]), stream.subarray(start, next < 0 ? stream.length : next));
    start = next;
  }
  await writeFile(to, Buffer.concat(parts));
}

/** Frames from `start` on that carry `pairs`, one each. */
export const at = (start: number, pairs: readonly Pair[]): [number, Pair][] =>
  pairs.map((pair, n) => [start + n, pair]);
