/** Reads the body of one answer into parts, until the source is whole, another part comes first, or it is cut. */

import type { Source } from "./open-source.ts";
import type { Clock } from "./pace.ts";
import { LULL_MS, MIN_BYTES } from "./pace.ts";
import { canJump, isWhole, lengthOf, nextPart, type Parts, positionOf } from "./parts.ts";

/**
 * `jump`: `parts.number` is not what comes next. `cut`: broken off, or too slow. `turn`: between two parts, and others
 * wait. `ended`: its end, where no length was announced.
 */
export type Reading = "whole" | "jump" | "cut" | "turn" | "ended";

export type Reader = {
  clock: Clock;
  signal: AbortSignal;
  /** Stores the part that is full. */
  store: (parts: Parts) => Promise<void>;
  isOver: () => boolean;
};

/** Rejects with what `store` rejects with, or the signal's reason. */
export async function readSource(source: Source, parts: Parts, reader: Reader): Promise<Reading> {
  const { answer } = source;
  const watch = watchSpeed(source, reader);
  parts.hasRanges = source.hasRanges;
  let skip = positionOf(parts) - source.at;
  const body = answer[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await nextPiece(body, reader.signal);
      if (next === "cut") return "cut";
      if (next === "end") return parts.size === null ? "ended" : "cut";
      watch.count(next.length);
      let rest = next;
      while (rest.length > 0) {
        const passed = Math.min(skip, rest.length);
        skip -= passed;
        rest = rest.subarray(passed);
        if (rest.length === 0) break;
        rest = fill(parts, rest);
        if (parts.filled < lengthOf(parts, parts.number)) continue;
        await watch.excuse(reader.store(parts));
        const last = parts.number;
        const following = nextPart(parts);
        if (isWhole(parts) || following === undefined) return "whole";
        parts.number = following;
        if (canJump(parts) && following !== last + 1) return "jump";
        if (canJump(parts) && reader.isOver()) return "turn";
        // Parts that are stored already, of a server that cannot start anywhere.
        skip = (following - last - 1) * parts.partSize;
      }
    }
  } finally {
    watch.end();
    answer.destroy();
  }
}

/** Takes what the part has room for; returns the rest. */
function fill(parts: Parts, piece: Buffer): Buffer {
  const room = lengthOf(parts, parts.number) - parts.filled;
  const taken = piece.subarray(0, room);
  parts.pieces.push(taken);
  parts.filled += taken.length;
  return piece.subarray(taken.length);
}

async function nextPiece(body: AsyncIterator<Buffer>, signal: AbortSignal): Promise<Buffer | "end" | "cut"> {
  try {
    const next = await body.next();
    signal.throwIfAborted();
    return next.done ? "end" : next.value;
  } catch {
    // Also a body that is shorter than announced: Node knows its length.
    signal.throwIfAborted();
    return "cut";
  }
}

/** Cuts an answer that sends too little in a while; a while in which we store something does not count. */
function watchSpeed({ answer }: Source, { clock, signal }: Reader) {
  const ended = new AbortController();
  let bytes = 0;
  /** What is being stored now, and whether something was since the while began. */
  let storing = 0;
  let isExcused = false;
  const watch = async () => {
    const over = AbortSignal.any([ended.signal, signal]);
    for (;;) {
      bytes = 0;
      isExcused = storing > 0;
      await clock.wait(LULL_MS, over);
      if (over.aborted) return;
      if (bytes < MIN_BYTES && !isExcused) answer.destroy(new Error("too slow"));
    }
  };
  void watch();
  return {
    count: (more: number) => {
      bytes += more;
    },
    excuse: async (work: Promise<void>) => {
      isExcused = true;
      storing += 1;
      try {
        await work;
      } finally {
        storing -= 1;
      }
    },
    end: () => ended.abort(),
  };
}
