/**
 * How close renditions are to their source: SSIM over a short window, the source decoded once and scaled as
 * in the encode.
 */
import type { Rung } from "@storagex/contract/media/ladder";
import type { Plan } from "@storagex/contract/tasks/plan";
import { perSecond, secondsAt } from "../plan/grid.ts";
import type { Limits } from "../run/ffmpeg.ts";
import { encodeLimits } from "../run/limits.ts";
import { joinedInput, quiet, sourceInput } from "./encode-args.ts";
import { frameFilters, rungFilter } from "./frame-filters.ts";

const WINDOW_SECONDS = 1;
/** A machine that needs longer for one window should not spend more on it. */
const MAX_WALL_SECONDS = 300;

/** One rendition's segment that begins with the window, as a separate file. */
export type Shown = { url: string; rung: Rung };
type Window = { source: string; plan: Plan; firstFrame: number; renditions: readonly Shown[] };

const DECODERS: Readonly<Record<Rung["codec"], readonly string[]>> = {
  h264: ["h264"],
  av1: ["libdav1d", "libaom-av1", "av1"],
};

/** Frames of the window: one second, never more than the segment holds. */
export const windowFrames = ({ rate, segmentFrames }: Plan["grid"]): number =>
  Math.min(segmentFrames, Math.max(1, Math.round(WINDOW_SECONDS * perSecond(rate))));

const sizeOf = ({ width, height }: Rung) => `${width}x${height}`;

/**
 * Compares the window of every rendition with the source; FFmpeg prints the results on stderr, one filter
 * each. Frames are paired by their number, not by their time: the source's filters begin with the slot
 * `firstFrame` of the grid, as the encode's did, and a segment begins with the frame of that slot. Muxers may
 * shift times; nothing shifts the count.
 */
export function ssimArgs({ source, plan, firstFrame, renditions }: Window): string[] {
  const { grid } = plan;
  const begin = secondsAt(firstFrame, grid.rate);
  const numbered = `trim=end_frame=${windowFrames(grid)},settb=${grid.rate.den}/${grid.rate.num},setpts=N`;
  // Renditions of one size share the scaled source.
  const sizes = [...new Map(renditions.map(({ rung }) => [sizeOf(rung), rung])).values()];
  const sharers = (rung: Rung) =>
    renditions.flatMap((shown, n) => (sizeOf(shown.rung) === sizeOf(rung) ? [n] : []));
  const graph = [
    `[0:v:${plan.source.videoStream}]${frameFilters(plan, begin)},${numbered},split=${sizes.length}${sizes.map((_, n) => `[s${n}]`).join("")}`,
    ...sizes.map((rung, n) => {
      const users = sharers(rung);
      const scaled = `[s${n}]${rungFilter(rung, plan.source)},format=yuv420p`;
      return `${scaled},split=${users.length}${users.map((user) => `[a${user}]`).join("")}`;
    }),
    ...renditions.flatMap((_, n) => [
      `[${n + 1}:v:0]${numbered},setsar=1,format=yuv420p[b${n}]`,
      // shortest: where one side ends early (the end of the file), its last frame must not replace the
      // missing ones.
      `[a${n}][b${n}]ssim@r${n}=shortest=1[c${n}]`,
    ]),
  ].join(";");
  return [
    ...quiet,
    // The filter prints its result at this level only.
    ...["-loglevel", "info"],
    ...sourceInput(source, plan.source, Math.max(0, firstFrame === 0 ? 0 : begin - grid.preRoll)),
    ...renditions.flatMap(({ url, rung }) => [
      // Many decoders for one second each: threads would cost more than they save.
      ...["-threads", "1", ...joinedInput(url, DECODERS[rung.codec])],
    ]),
    ...["-filter_complex", graph],
    ...renditions.flatMap((_, n) => ["-map", `[c${n}]`, "-f", "null", "-"]),
  ];
}

/** What one window may use: the decoders of all renditions are open at the same time as the source's. */
export function windowLimits(plan: Plan, hardLimit: number): Limits {
  const wallSeconds = Math.min(hardLimit, MAX_WALL_SECONDS);
  return encodeLimits(plan, WINDOW_SECONDS, wallSeconds);
}

/** SSIM over all planes (0–1) of rendition `n` from FFmpeg's output; null where there is none. */
export function parseSsim(stderr: string, n: number): number | null {
  const said = new RegExp(`ssim@r${n} .*SSIM .*All:([\\d.]+)`).exec(stderr)?.[1];
  const all = Number(said ?? Number.NaN);
  return all >= 0 && all <= 1 ? all : null;
}
