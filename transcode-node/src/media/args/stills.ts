/**
 * Stills from our own renditions: poster candidates that show something, and storyboard sheets for the seek
 * bar.
 */
import type { Rung } from "@storagex/contract/media/ladder";
import { fences, joinedInput, OUR_DECODERS, quiet } from "./encode-args.ts";

/** Thumbnails that candidates are scored by: luma only. */
const THUMB = { width: 160, height: 90 } as const;
const MAX_THUMBS = 40;
const TO_THUMB = `scale=${THUMB.width}:${THUMB.height}:flags=area,format=gray`;
/** Our keyframes are about two seconds apart. */
const KEYFRAME_SECONDS = 2;

export const thumbInterval = (duration: number): number =>
  Math.max(KEYFRAME_SECONDS, Math.ceil(duration / MAX_THUMBS / KEYFRAME_SECONDS) * KEYFRAME_SECONDS);

export type Score = { at: number; score: number };

/**
 * How much a luma image shows: 0 for black, white and flat ones; otherwise contrast times sharpness (mean
 * Laplacian).
 */
export function scoreOf(
  luma: Uint8Array,
  { width, height }: { width: number; height: number } = THUMB,
): number {
  let sum = 0;
  let squares = 0;
  for (const value of luma) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / luma.length;
  const deviation = Math.sqrt(Math.max(0, squares / luma.length - mean * mean));
  if (mean < 28 || mean > 232 || deviation < 8) return 0;
  let edges = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const px = (n: number) => luma[n] ?? 0;
      edges += Math.abs(4 * px(at) - px(at - 1) - px(at + 1) - px(at - width) - px(at + width));
    }
  }
  const sharpness = edges / ((width - 2) * (height - 2));
  // A blurred image is still better than none.
  return Math.min(deviation, 64) * (0.5 + Math.min(sharpness, 40));
}

/** The scores of concatenated thumbnails. */
export function scoresOf(luma: Buffer): number[] {
  const length = THUMB.width * THUMB.height;
  return Array.from({ length: Math.floor(luma.length / length) }, (_, n) =>
    scoreOf(luma.subarray(n * length, (n + 1) * length)),
  );
}

/**
 * The times (seconds) of the best posters of a video of `duration`, best first, spread over it: only the best
 * one of each span counts. FFmpeg 7 may return a thumbnail more than there are keyframes, at the very end.
 */
export function bestTimes(all: readonly Score[], count: number, duration: number): number[] {
  const thumbs = all.filter(({ at }) => at < duration);
  const share = Math.max(1, Math.ceil(thumbs.length / count));
  const winners = Array.from({ length: Math.ceil(thumbs.length / share) }, (_, n) =>
    thumbs
      .slice(n * share, (n + 1) * share)
      .reduce((best, thumb) => (thumb.score > best.score ? thumb : best)),
  );
  const good = winners.filter((winner) => winner.score > 0).sort((a, b) => b.score - a.score);
  // A video that is all black still gets a poster.
  return (good.length > 0 ? good : winners.slice(0, 1)).map((winner) => winner.at);
}

/**
 * From our BT.709 to JPEG's colours (BT.601, full range): viewers assume them, and JPEG cannot declare
 * others.
 */
const TO_JPEG = "in_color_matrix=bt709:out_color_matrix=bt601:out_range=full,format=yuvj420p";

/** JPEGs of the keyframe at or after each time, all in one run: `fileOf` names the nth. */
export const posterArgs = (
  url: string,
  times: readonly number[],
  fileOf: (n: number) => string,
): string[] => [
  ...quiet,
  ...times.flatMap((at) => [
    ...fences(OUR_DECODERS),
    ...(at > 0 ? ["-ss", at.toFixed(3)] : []),
    // One image each: starting threads would be a waste.
    ...["-threads", "1", "-skip_frame", "nokey", "-i", url],
  ]),
  ...times.flatMap((_, n) => [
    ...["-map", `${n}:v:0`, "-frames:v", "1", "-vf", `scale=${TO_JPEG}`, "-q:v", "3"],
    ...["-map_metadata", "-1", "-f", "image2", "-update", "1", fileOf(n)],
  ]),
];

/**
 * One JPEG of the first frame at or after `from` seconds, in the same form as the posters. `untilEnd`: of the
 * last frame of the file instead, where nothing begins so late.
 */
export const frameArgs = (
  url: string,
  { from, untilEnd = false, file }: { from: number; untilEnd?: boolean; file: string },
): string[] => [
  ...quiet,
  ...fences(OUR_DECODERS),
  ...(from > 0 ? ["-ss", from.toFixed(6)] : []),
  ...["-threads", "1", "-i", url, "-map", "0:v:0", ...(untilEnd ? [] : ["-frames:v", "1"])],
  ...["-vf", `scale=${TO_JPEG}`, "-q:v", "3", "-map_metadata", "-1", "-f", "image2", "-update", "1", file],
];

/** Formats of uploaded images: FFmpeg's demuxer and decoder of each. */
const IMAGE_FORMATS = {
  jpeg: { demuxer: "jpeg_pipe", decoder: "mjpeg" },
  png: { demuxer: "png_pipe", decoder: "png" },
} as const;
export type ImageFormat = keyof typeof IMAGE_FORMATS;

/**
 * An uploaded image as a poster of the size of the others, whole, on black where its shape differs or it is
 * transparent. Nothing but its pixels is kept. A damaged one ends the run.
 */
export function imageArgs(
  url: string,
  { format, width, height, file }: { format: ImageFormat; width: number; height: number; file: string },
): string[] {
  const { demuxer, decoder } = IMAGE_FORMATS[format];
  const size = `${width}:${height}`;
  return [
    ...quiet,
    ...fences([decoder], demuxer, demuxer),
    ...["-xerror", "-err_detect", "explode", "-threads", "1", "-i", url, "-filter_complex"],
    [
      `[0:v:0]scale=${size}:force_original_aspect_ratio=decrease:flags=lanczos,format=rgba[image]`,
      `color=black:size=${width}x${height}:rate=1,format=rgba[black]`,
      "[black][image]overlay=(W-w)/2:(H-h)/2:format=rgb:shortest=1," +
        "scale=out_color_matrix=bt601:out_range=full,format=yuvj420p[poster]",
    ].join(";"),
    ...["-map", "[poster]", "-frames:v", "1", "-q:v", "3", "-map_metadata", "-1"],
    ...["-f", "image2", "-update", "1", file],
  ];
}

/**
 * Every keyframe of a short file, up to `max`, in one run: raw 8-bit luma thumbnails to stdout, JPEGs of the
 * same frames to `pattern`, which holds `%d` and counts from 0.
 */
export const keyframeArgs = (url: string, max: number, pattern: string): string[] => [
  ...quiet,
  ...["-threads", "1", "-skip_frame", "nokey", ...joinedInput(url), "-filter_complex"],
  `[0:v:0]split=2[a][b];[a]${TO_THUMB}[thumbs];[b]scale=${TO_JPEG}[stills]`,
  ...["-map", "[thumbs]", "-frames:v", String(max), "-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1"],
  ...["-map", "[stills]", "-frames:v", String(max), "-fps_mode", "passthrough", "-q:v", "3"],
  ...["-map_metadata", "-1", "-start_number", "0", "-f", "image2", pattern],
];

export type SheetPlan = {
  columns: number;
  rows: number;
  tileWidth: number;
  tileHeight: number;
  interval: number;
  tiles: number;
};

/** Tile interval by length: short for a short video, and never more than 1,000 tiles (40 sheets). */
const INTERVALS = [2, 4, 10, 20, 30, 60, 90] as const;
const MAX_TILES = 240;
const TILE_LONG_SIDE = 192;
const even = (n: number) => Math.max(2, Math.round(n / 2) * 2);

/** Sheets of at most 5 × 5 tiles in the video's own aspect ratio. */
export function sheetPlan(duration: number, rung: Pick<Rung, "width" | "height">): SheetPlan {
  const interval = INTERVALS.find((seconds) => duration / seconds <= MAX_TILES) ?? Math.ceil(duration / 1000);
  const scale = TILE_LONG_SIDE / Math.max(rung.width, rung.height);
  const tiles = Math.max(1, Math.ceil(duration / interval));
  const columns = Math.min(5, tiles);
  return {
    columns,
    rows: Math.min(5, Math.ceil(tiles / columns)),
    tileWidth: even(rung.width * scale),
    tileHeight: even(rung.height * scale),
    interval,
    tiles,
  };
}

/**
 * One pass over the keyframes, the only frames decoded: raw 8-bit luma thumbnails, one per `interval`
 * seconds, to stdout, and all sheets to `pattern`, which holds `%d`.
 */
export const overviewArgs = (url: string, interval: number, sheet: SheetPlan, pattern: string): string[] => [
  ...quiet,
  ...["-threads", "1", "-skip_frame", "nokey", ...joinedInput(url), "-filter_complex"],
  [
    "[0:v:0]split=2[a][b]",
    `[a]fps=1/${interval}:start_time=0:round=up,${TO_THUMB}[thumbs]`,
    // A tile shows the keyframe at or before its time.
    `[b]fps=1/${sheet.interval}:start_time=0:round=up,` +
      `scale=${sheet.tileWidth}:${sheet.tileHeight}:flags=bicubic:${TO_JPEG},tile=${sheet.columns}x${sheet.rows}[sheets]`,
  ].join(";"),
  ...["-map", "[thumbs]", "-frames:v", String(MAX_THUMBS), "-fps_mode", "passthrough"],
  ...["-f", "rawvideo", "pipe:1"],
  ...["-map", "[sheets]", "-fps_mode", "passthrough", "-q:v", "5", "-map_metadata", "-1"],
  ...["-start_number", "0", "-f", "image2", pattern],
];
