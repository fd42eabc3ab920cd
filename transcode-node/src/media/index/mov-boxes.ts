/**
 * The top-level boxes of an MP4 or MOV file (ISO/IEC 14496-12, section 4.2): where its movie box is, and how
 * the walk ended.
 */
import type { ReadBytes } from "./facts.ts";

export type Place = { start: number; header: number; size: number };

export type TopBoxes = {
  /** The first `moov`. */
  movie: Place | null;
  /** Where the boxes before the movie's begin, the first few. */
  before: number[];
  /** Types in their order, the first few. */
  types: string[];
  /**
   * `whole`: at the file's end; `over`: the last box declares a size beyond it; `zeros` and `odd`: what
   * follows is no box; `many`: there are more than the walk reads.
   */
  ended: "whole" | "over" | "zeros" | "odd" | "many";
  /** Offset of that end. */
  at: number;
};

/**
 * Max boxes and reads: files of hundreds of empty boxes exist, and a fragmented one may hold a hundred
 * thousand.
 */
const MAX_BOXES = 20_000;
const MAX_READS = 400;
/** Bytes of one read: adjacent small boxes cost only one. */
const WINDOW = 16 * 1024;
const MAX_HEADER = 16;
const MAX_TYPES = 20;
/** Boxes whose declared size does not matter: they are empty. */
const EMPTY = new Set(["free", "skip"]);

/** Walks the top-level boxes of a file of `size` bytes. */
export async function topBoxes(read: ReadBytes, size: number): Promise<TopBoxes> {
  const found: TopBoxes = { movie: null, before: [], types: [], ended: "many", at: 0 };
  const end = (ended: TopBoxes["ended"], at: number): TopBoxes => ({ ...found, ended, at });
  let window: { from: number; bytes: Buffer } = { from: 0, bytes: Buffer.alloc(0) };
  let start = 0;
  for (let boxes = 0, reads = 0; boxes < MAX_BOXES; boxes++) {
    // A few stray bytes after the last box are common and harmless.
    if (start + 8 > size) return end("whole", start);
    if (start < window.from || start + MAX_HEADER > window.from + window.bytes.length) {
      if (++reads > MAX_READS) break;
      window = { from: start, bytes: await read(start, start + WINDOW - 1) };
    }
    const header = window.bytes.subarray(start - window.from, start - window.from + MAX_HEADER);
    const box = boxAt(header, size - start);
    if (!box) return end(header.every((byte) => byte === 0) ? "zeros" : "odd", start);
    if (found.types.length < MAX_TYPES) found.types.push(box.type);
    if (!found.movie && found.before.length < MAX_TYPES) found.before.push(start);
    if (box.type === "moov") found.movie ??= { start, header: box.header, size: box.size };
    if (start + box.size > size && !EMPTY.has(box.type)) return end("over", start);
    start += box.size;
  }
  return end("many", start);
}

/** The box that begins with `header`, `left` bytes before the file's end; null where there is none. */
function boxAt(header: Buffer, left: number): { type: string; header: number; size: number } | null {
  if (header.length < 8) return null;
  const short = header.readUInt32BE(0);
  const type = header.toString("latin1", 4, 8);
  if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) return null;
  const isLong = short === 1 && header.length === MAX_HEADER;
  const size = isLong ? Number(header.readBigUInt64BE(8)) : short === 0 ? left : short;
  return size < 8 ? null : { type, header: isLong ? 16 : 8, size };
}
