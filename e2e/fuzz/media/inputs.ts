/** Small intact files of every kind of container, to be damaged. */
import { readFile } from "node:fs/promises";
import { bars, clipOf, tone } from "../../testing/media-clips.ts";

/**
 * Brightness that rises and falls shows a frame out of its place. Grey, because the colours of a damaged
 * header may be converted in more ways than one.
 */
const BREATHING = ["-vf", "hue=s=0:b='1.5*sin(5*t)'"];
const film = (size: string, rate: number, seconds: number) => [
  ...[...bars(size, rate, seconds), ...tone(440, seconds)],
  ...BREATHING,
];
const both = film("64x36", 15, 1);
const x264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "8"];
const aac = ["-c:a", "aac", "-ar", "16000", "-ac", "1"];

const RECIPES: readonly (readonly [name: string, args: readonly string[]])[] = [
  ["last.mp4", [...both, ...x264, ...aac]],
  ["first.mp4", [...both, ...x264, ...aac, "-movflags", "+faststart"]],
  ["fragments.mp4", [...both, ...x264, ...aac, "-movflags", "+frag_keyframe+empty_moov"]],
  ["intra.mov", [...both, "-c:v", "mjpeg", "-c:a", "pcm_s16le"]],
  ["h264.mkv", [...both, ...x264, ...aac]],
  ["vp8.webm", [...both, "-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libvorbis"]],
  ["h264.ts", [...both, ...x264, ...aac]],
  ["mpeg2.mpg", [...film("64x48", 25, 1), "-c:v", "mpeg2video", "-c:a", "mp2", "-f", "vob"]],
  ["mpeg4.avi", [...both, "-c:v", "mpeg4", "-c:a", "mp3", "-ar", "16000"]],
  ["flash.flv", [...both, "-c:v", "flv1", "-c:a", "mp3", "-ar", "22050"]],
  ["theora.ogv", [...both, "-c:v", "libtheora", "-c:a", "libvorbis"]],
  ["windows.wmv", [...both, "-c:v", "wmv2", "-c:a", "wmav2"]],
  // Several chunks, found by an index and by reading; and a file whose mezzanine can be sought.
  ["chunks.mp4", [...film("64x36", 10, 20), ...x264, ...aac]],
  ["chunks.ts", [...film("64x36", 10, 20), ...x264, ...aac]],
  ["copied.flv", [...film("64x36", 5, 64), ...x264, ...aac]],
];

export type Whole = { name: string; bytes: Buffer };

/** All of them. */
export const wholeFiles = async (): Promise<[Whole, ...Whole[]]> => {
  const files = await Promise.all(
    RECIPES.map(async ([name, args]) => ({ name, bytes: await readFile(await clipOf(name, args)) })),
  );
  const [first, ...others] = files;
  if (!first) throw new Error("no recipe");
  return [first, ...others];
};
