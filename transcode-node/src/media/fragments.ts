/** Cuts fragmented MP4 into init and segments while it grows (audio's stdout) or from a scratch file (a chunk). */
import { open } from "node:fs/promises";
import { type Fragment, type Init, readFragment, readInit } from "./boxes.ts";

/** A segment of a file: where it lies, and what its fragment says. */
export type Cut = Fragment & { offset: number; length: number };
export type CutFile = { init: Init; segments: Cut[]; size: number };

type Header = { type: string; size: number };
const HEADER = 16;

function readHeader(bytes: Buffer): Header {
  const size = bytes.readUInt32BE(0);
  return {
    type: bytes.toString("latin1", 4, 8),
    size: size === 1 ? Number(bytes.readBigUInt64BE(8)) : size,
  };
}

/**
 * Reads a chunk's file: init at its head, then `[styp] moof mdat` per segment. Only boxes of a few kilobytes are held in
 * memory. Throws where the file is no complete fragmented MP4 of ours.
 */
export async function cutFile(path: string): Promise<CutFile> {
  await using file = await open(path);
  const { size } = await file.stat();
  const read = async (at: number, length: number) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
    return buffer.subarray(0, bytesRead);
  };
  let init: Init | undefined;
  const segments: Cut[] = [];
  let begin = 0;
  for (let at = 0; at < size; ) {
    const header = readHeader(await read(at, Math.min(HEADER, size - at)));
    const end = at + header.size;
    if (header.size < 8 || end > size) throw new Error(`${header.type} at ${at} runs over the file's end`);
    if (header.type === "moov") {
      init = readInit(await read(0, end));
      begin = end;
    } else if (header.type === "moof" && init) {
      const fragment = readFragment(await read(at, header.size), init.defaultDuration);
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

/** A segment as it came out of FFmpeg's pipe. */
export type LiveSegment = Fragment & { bytes: Buffer };

/** Cuts a growing stream: feed bytes, take the segments that are complete. `init` is set once the `moov` is in. */
export class StreamCutter {
  init: { bytes: Buffer; facts: Init } | null = null;
  #held: Buffer = Buffer.alloc(0);

  /** Takes further bytes in and gives the segments that they complete. */
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

  /** Everything up to and with the next box of a type, if it is complete. */
  #take(type: string): Buffer | null {
    for (let at = 0; at + HEADER <= this.#held.length; ) {
      const header = readHeader(this.#held.subarray(at));
      const end = at + header.size;
      if (end > this.#held.length) return null;
      if (header.type === type) {
        const group = this.#held.subarray(0, end);
        this.#held = this.#held.subarray(end);
        return group;
      }
      at = end;
    }
    return null;
  }

  #segment(bytes: Buffer, init: Init): LiveSegment {
    let at = 0;
    for (let header = readHeader(bytes); header.type !== "moof"; header = readHeader(bytes.subarray(at))) {
      at += header.size;
    }
    const { size } = readHeader(bytes.subarray(at));
    return { ...readFragment(bytes.subarray(at, at + size), init.defaultDuration), bytes };
  }
}
