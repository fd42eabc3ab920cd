/**
 * Splits fragmented MP4 into init segment and segments while it grows (audio's stdout) or from a scratch file
 * (a chunk).
 */
import { boxes, type Fragment, type Init, readFragment, readInit } from "./boxes.ts";
import { openMade, readAt } from "./made-file.ts";

/** A segment of a file: its byte range, and what its fragment declares. */
export type Cut = Fragment & { offset: number; length: number };
export type CutFile = { init: Init; segments: Cut[]; size: number };

type Header = { type: string; size: number };
const SHORT_HEADER = 8;
const LONG_HEADER = 16;

/** The box that begins with these bytes; null while its header is incomplete. */
function readHeader(bytes: Buffer): Header | null {
  if (bytes.length < SHORT_HEADER) return null;
  const size = bytes.readUInt32BE(0);
  if (size === 1 && bytes.length < LONG_HEADER) return null;
  return {
    type: bytes.toString("latin1", 4, 8),
    size: size === 1 ? Number(bytes.readBigUInt64BE(SHORT_HEADER)) : size,
  };
}

/**
 * Reads a chunk's file: the init segment first, then `[styp] moof mdat` per segment. Only boxes of a few
 * kilobytes are kept in memory. Throws where it is no regular file, or no complete fragmented MP4 of ours.
 */
export async function cutFile(path: string): Promise<CutFile> {
  await using file = await openMade(path);
  const { size } = await file.stat();
  let init: Init | undefined;
  const segments: Cut[] = [];
  let begin = 0;
  for (let at = 0; at < size; ) {
    const header = readHeader(await readAt(file, at, Math.min(LONG_HEADER, size - at)));
    const end = at + (header?.size ?? 0);
    if (!header || header.size < SHORT_HEADER || end > size)
      throw new Error(`box at ${at} runs over the file's end`);
    if (header.type === "moov") {
      init = readInit(await readAt(file, 0, end));
      begin = end;
    } else if (header.type === "moof" && init) {
      const fragment = readFragment(await readAt(file, at, header.size), init.defaultDuration);
      segments.push({ ...fragment, offset: begin, length: 0 });
    } else if (header.type === "mdat") {
      const last = segments.at(-1);
      if (!last || last.length > 0) throw new Error(`mdat at ${at} without its moof`);
      last.length = end - begin;
      begin = end;
    }
    at = end;
  }
  if (!init) throw new Error("no moov box");
  if (segments.some((segment) => segment.length === 0)) throw new Error("a segment has no mdat");
  return { init, segments, size };
}

/** A segment as read from FFmpeg's pipe. */
export type LiveSegment = Fragment & { bytes: Buffer };

/**
 * Splits a growing stream: feed bytes, get the segments that are complete. `init` is set once the `moov` has
 * arrived.
 */
export class StreamCutter {
  init: { bytes: Buffer; facts: Init } | null = null;
  #held: Buffer = Buffer.alloc(0);

  /** Takes further bytes and returns the segments that they complete. */
  feed(bytes: Uint8Array): LiveSegment[] {
    this.#held = Buffer.concat([this.#held, bytes]);
    const done: LiveSegment[] = [];
    for (;;) {
      const group = this.#take(this.init ? "mdat" : "moov");
      if (!group) return done;
      if (this.init) done.push(this.#segment(group, this.init.facts));
      else this.init = { bytes: group, facts: readInit(group) };
    }
  }

  /** Bytes that no complete segment holds: 0 at a clean end. */
  get left(): number {
    return this.#held.length;
  }

  /** Everything up to and including the next box of a type, if it is complete. */
  #take(type: string): Buffer | null {
    for (let at = 0; ; ) {
      const header = readHeader(this.#held.subarray(at));
      const end = at + (header?.size ?? 0);
      if (!header || end > this.#held.length) return null;
      if (header.size < SHORT_HEADER) throw new Error(`box of ${header.size} bytes`);
      if (header.type === type) {
        const group = this.#held.subarray(0, end);
        this.#held = this.#held.subarray(end);
        return group;
      }
      at = end;
    }
  }

  #segment(bytes: Buffer, init: Init): LiveSegment {
    const moof = [...boxes(bytes)].find((box) => box.type === "moof");
    if (!moof) throw new Error("mdat without its moof");
    return { ...readFragment(bytes.subarray(moof.start, moof.end), init.defaultDuration), bytes };
  }
}
