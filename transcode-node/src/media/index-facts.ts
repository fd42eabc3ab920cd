/** The facts that every container's index is reduced to. */

/** Reads bytes `from`–`to` (inclusive; cut at the file's end). */
export type ReadBytes = (from: number, to: number) => Promise<Buffer>;

/** All in seconds from the container's start; null = not known. */
export type SourceIndex = {
  duration: number | null;
  /** Longest stretch between two keyframes, the end counted as one. */
  keyframeGap: number | null;
  /** FFmpeg finds a moment without reading all that lies before it. */
  seekable: boolean;
};

/** Longest stretch between keyframes (seconds, rising), with the file's end as the last one. */
export function gapOf(keyframes: readonly number[] | null, end: number | null): number | null {
  if (!keyframes || keyframes.length === 0 || end === null) return null;
  const moments = [...keyframes, end];
  return Math.max(...moments.map((moment, n) => moment - (moments[n - 1] ?? 0)));
}
