/** The facts that every container's index is reduced to. */
import type { Interval } from "../plan/frame-rate.ts";
import type { Probed, ProbeTools } from "../source/probe.ts";
import type { Frames } from "./sample-table.ts";

/** Reads bytes `from`–`to` (inclusive; cut at the file's end). */
export type ReadBytes = (from: number, to: number) => Promise<Buffer>;

/** A probed source that more may be asked of; `start` is where it begins on the container's clock (`timeline.ts`). */
export type SourceProbe = { probed: Probed; tools: ProbeTools; url: string; start: number };

/** All in seconds from the start; null = not known. */
export type SourceIndex = {
  /** End of the last frame. */
  duration: number | null;
  /** Where the first frame stands, or one of the next, as far as the index says: a probe may stop before there is one. */
  framesStart?: number | undefined;
  /** Ends of other streams, by their index. One that is not in it ends before the last frame, or nobody knows where. */
  ends: ReadonlyMap<number, number>;
  /** Longest stretch between two keyframes, the end counted as one. */
  keyframeGap: number | null;
  /** FFmpeg finds a moment without reading all that lies before it. */
  seekable: boolean;
  /** The clock goes back midway (recordings put end to end): only a copy has one timeline. */
  restarts?: boolean;
  /** Pictures that the index names; absent where it names none. */
  count?: number;
  /** How frames follow each other, as far as it was read. */
  intervals?: readonly Interval[];
  /** Every picture, where the container has a table of them; a word where it is of a kind that no copy is made of. */
  pictures?: () => Frames | string;
};

/** Finds the longest stretch between keyframes that are named one by one (seconds, rising but for a few out of order). */
export class GapFinder {
  #previous: number | null = null;
  #longest = 0;

  add(moment: number): void {
    this.#longest = Math.max(this.#longest, moment - (this.#previous ?? 0));
    this.#previous = Math.max(moment, this.#previous ?? 0);
  }

  /** With the end as the last one; null where there was no keyframe. */
  longest(end: number): number | null {
    return this.#previous === null ? null : Math.max(this.#longest, end - this.#previous);
  }
}

/** Frames that may be stored before one that is shown earlier: the deepest reordering of any codec. */
const REORDERED = 32;
/** Different intervals that are told apart, of a millionth of a second each; a hostile file may hold any number. */
export const MAX_INTERVALS = 10_000;

/** Counts the intervals between frames whose times (seconds) come in the order of storage. */
export class IntervalFold {
  #waiting: number[] = [];
  #previous: number | null = null;
  #counts = new Map<number, number>();

  add(time: number): void {
    const at = this.#waiting.findLastIndex((earlier) => earlier <= time);
    this.#waiting.splice(at + 1, 0, time);
    if (this.#waiting.length > REORDERED) this.#shown(this.#waiting.shift());
  }

  /** What the times so far come to. */
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

/** Longest stretch between keyframes, with the file's end as the last one; null where either is not known. */
export function gapOf(keyframes: Iterable<number> | null, end: number | null): number | null {
  if (keyframes === null || end === null) return null;
  const gaps = new GapFinder();
  for (const moment of keyframes) gaps.add(moment);
  return gaps.longest(end);
}
