/** How close a rendition is to its source: SSIM over a few short samples, both brought to the rendition's size and grid. */
import type { Rung } from "@storagex/contract/ladder";
import type { Plan } from "@storagex/contract/task";
import { fences, OUR_DECODERS, quiet } from "./args.ts";
import { secondsAt } from "./grid.ts";
import { pictureFilters, rungFilter } from "./picture.ts";

/** Shares of the timeline at which a sample of one segment is taken. */
const SAMPLES = [1 / 6, 1 / 2, 5 / 6] as const;

/** First frames of the samples, on segment borders, each once. */
export function sampleFrames(grid: Plan["grid"]): number[] {
  const segments = Math.floor(grid.totalFrames / grid.segmentFrames);
  return [...new Set(SAMPLES.map((share) => Math.floor(segments * share) * grid.segmentFrames))];
}

type Sample = { source: string; rendition: string; plan: Plan; rung: Rung; firstFrame: number };

/** Compares one segment; the result is said on stderr. `rendition` is the finished MP4. */
export function ssimArgs({ source, rendition, plan, rung, firstFrame }: Sample): string[] {
  const { grid } = plan;
  const begin = secondsAt(firstFrame, grid.rate);
  const at = (url: string, decoders: readonly string[], preRoll: number) => [
    ...fences(decoders),
    ...["-noaccurate_seek", "-copyts", "-start_at_zero"],
    ...(begin > preRoll ? ["-ss", (begin - preRoll).toFixed(6)] : []),
    ...["-i", url],
  ];
  const graph = [
    `[0:v:${plan.source.videoStream}]${pictureFilters(plan, begin)},${rungFilter(rung, plan.source)},format=yuv420p[a]`,
    `[1:v:0]${pictureFilters({ ...plan, source: { ...plan.source, interlaced: false, hdr: null } }, begin)}[b]`,
    "[a][b]ssim[c]",
  ].join(";");
  return [
    ...quiet,
    // The filter says its result at this level only.
    ...["-loglevel", "info"],
    ...at(source, plan.source.decoders, grid.preRoll),
    ...at(rendition, OUR_DECODERS, 1),
    ...["-filter_complex", graph, "-map", "[c]", "-frames:v", String(grid.segmentFrames), "-f", "null", "-"],
  ];
}

/** SSIM over all planes (0–1) from FFmpeg's words; null where it says none. */
export function parseSsim(stderr: string): number | null {
  const all = Number(/SSIM .*All:([\d.]+)/.exec(stderr)?.[1] ?? Number.NaN);
  return all >= 0 && all <= 1 ? all : null;
}
