/**
 * What an FFmpeg must support for our commands: the worker checks it at start, `npm start` before it installs
 * one.
 */

/**
 * The commands rely on `noise=drop` expressions, `-fps_mode` and the mp4 muxer's behaviour of this release.
 */
const MIN_RELEASE = [5, 1] as const;
export const FFMPEG_ENCODERS = ["libx264", "aac", "mjpeg", "webvtt"] as const;
export const FFMPEG_FILTERS = [
  "fps",
  "settb",
  "scale",
  "setsar",
  "bwdif",
  "idet",
  "pad",
  "zscale",
  "tonemap",
  "tile",
  "aresample",
] as const;

/**
 * Whether `version`, as `-version` prints it, is a release before 5.1. Builds from git (`N-…`, dates) carry
 * no number; their capabilities are checked instead.
 */
export function isOldRelease(version: string): boolean {
  const [major, minor] = (/^n?(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  if (major === undefined || minor === undefined) return false;
  return major < MIN_RELEASE[0] || (major === MIN_RELEASE[0] && minor < MIN_RELEASE[1]);
}
