/** The facts that every container's index is reduced to. */
import type { Probed, ProbeTools } from "./probe.ts";
import type { Pictures } from "./sample-table.ts";

/** Reads bytes `from`–`to` (inclusive; cut at the file's end). */
export type ReadBytes = (from: number, to: number) => Promise<Buffer>;

/** A probed source that more may be asked of; `start` is where it begins on the container's clock (`timeline.ts`). */
export type SourceProbe = { probed: Probed; tools: ProbeTools; url: string; start: number };

/** All in seconds from the start; null = not known. */
export type SourceIndex = {
  /** End of the last frame. */
  duration: number | null;
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
  /** Every picture, where the container has a table of them; a word where it is of a kind that no copy is made of. */
  pictures?: () => Pictures | string;
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

/** Longest stretch between keyframes, with the file's end as the last one; null where either is not known. */
export function gapOf(keyframes: Iterable<number> | null, end: number | null): number | null {
  if (keyframes === null || end === null) return null;
  const gaps = new GapFinder();
  for (const moment of keyframes) gaps.add(moment);
  return gaps.longest(end);
}
