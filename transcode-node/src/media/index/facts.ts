/** The facts that every container's index is reduced to. */
import type { ByteRange, Rational } from "@storagex/contract/tasks/plan";
import type { Interval } from "../plan/frame-rate.ts";
import type { Probed, ProbeTools } from "../source/probe.ts";
import type { SamplePlaces } from "./sample-places.ts";
import type { Frames } from "./sample-table.ts";

/** Reads bytes `from`–`to` (inclusive; truncated at the file's end). */
export type ReadBytes = (from: number, to: number) => Promise<Buffer>;

/**
 * A probed source that can be probed further; `start` is where it begins on the container's clock
 * (`timeline.ts`).
 */
export type SourceProbe = { probed: Probed; tools: ProbeTools; url: string; start: number };

/** All times in seconds from the start; null = unknown. */
export type SourceIndex = {
  /** End of the last frame. */
  duration: number | null;
  /**
   * Time of the first frame, or of one of the next, according to the index: a probe may stop before there is
   * one.
   */
  framesStart?: number | undefined;
  /**
   * Ends of other streams, by their index. A stream that is missing ends before the last frame, or at an
   * unknown time.
   */
  ends: ReadonlyMap<number, number>;
  /** Longest distance between two keyframes; the end counts as one. */
  keyframeGap: number | null;
  /** FFmpeg seeks to a time without reading everything before it. */
  seekable: boolean;
  /** The clock jumps back midway (concatenated recordings): only a copy has one timeline. */
  restarts?: boolean;
  /** Frames that the index lists; absent where it lists none. */
  count?: number;
  /** Packets of frames without a timestamp, where all packets were read. */
  untimed?: number;
  /** Most packets have no timestamp: no container with an index takes them. */
  isUncopyable?: boolean;
  /** The constant rate of frames that are counted, because most of their packets have no timestamp. */
  counted?: Rational;
  /** Intervals between frames, as far as they were read. */
  intervals?: readonly Interval[];
  /**
   * Every frame, where the container has a table of them; a reason (string) where it is of a kind that is
   * never copied.
   */
  frames?: () => Frames | string;
  /** Where every frame lies in the file; absent or null where that is unknown. */
  places?: () => SourcePlaces | null;
};

/** Where the frames of a source lie, for those who have only a part of its bytes. */
export type SourcePlaces = {
  samples: SamplePlaces;
  /** Seconds from a sample's own time to its time from the start, as of the other facts. */
  shift: number;
  /** What FFmpeg reads to open the file. */
  opening: ByteRange[];
  /** Bytes of the file. */
  size: number;
};

/**
 * Finds the longest distance between keyframes that are added one by one (seconds, rising except for a few
 * out of order).
 */
export class GapFinder {
  #previous: number | null = null;
  #longest = 0;

  add(time: number): void {
    this.#longest = Math.max(this.#longest, time - (this.#previous ?? 0));
    this.#previous = Math.max(time, this.#previous ?? 0);
  }

  /** With the end as the last one; null where there was no keyframe. */
  longest(end: number): number | null {
    return this.#previous === null ? null : Math.max(this.#longest, end - this.#previous);
  }
}

/** Frames that may be stored before one that is shown earlier: the deepest reordering of any codec. */
const REORDERED = 32;
/**
 * Max different intervals that are kept apart, in steps of a microsecond; a malicious file may hold any
 * number.
 */
export const MAX_INTERVALS = 10_000;

/** Counts the intervals between frames whose times (seconds) come in storage order. */
export class IntervalFold {
  #waiting: number[] = [];
  #previous: number | null = null;
  #counts = new Map<number, number>();

  add(time: number): void {
    const at = this.#waiting.findLastIndex((earlier) => earlier <= time);
    this.#waiting.splice(at + 1, 0, time);
    if (this.#waiting.length > REORDERED) this.#shown(this.#waiting.shift());
  }

  /** The result for the times so far. */
  intervals(): Interval[] {
    for (const time of this.#waiting.splice(0)) this.#shown(time);
    return [...this.#counts].map(([millionths, count]) => ({ seconds: millionths / 1e6, count }));
  }

  #shown(time = 0): void {
    const millionths = Math.round(1e6 * (time - (this.#previous ?? time)));
    this.#previous = time;
    if (millionths <= 0 || (this.#counts.size >= MAX_INTERVALS && !this.#counts.has(millionths))) return;
    this.#counts.set(millionths, (this.#counts.get(millionths) ?? 0) + 1);
  }
}

/** Longest distance between keyframes, with the file's end as the last one; null where either is unknown. */
export function gapOf(keyframes: Iterable<number> | null, end: number | null): number | null {
  if (keyframes === null || end === null) return null;
  const gaps = new GapFinder();
  for (const time of keyframes) gaps.add(time);
  return gaps.longest(end);
}
