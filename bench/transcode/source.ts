/** Sources to transcode: generated once, stored under `bench/results`; their content repeats every 30 s. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
export const RESULTS = join(import.meta.dirname, "..", "results");
const FOLDER = join(RESULTS, "sources");
const SIZE = "1280x720";
const SCENE_SECONDS = 6;

/**
 * Flat graphics, slow zoom into fine detail, small dots with hard edges, soft light with grain, grainy
 * graphics.
 */
const SCENES = [
  `testsrc2=s=${SIZE}:r=25`,
  `mandelbrot=s=${SIZE}:r=25:start_scale=0.6:end_scale=0.02:end_pts=400`,
  `life=s=320x180:r=25:mold=12:ratio=0.2:death_color=#503010:life_color=#e0f0a0,scale=1280:720:flags=bicubic`,
  `gradients=s=${SIZE}:r=25:speed=0.03:c0=#203040:c1=#d0a060:c2=#406050:n=3,format=yuv420p,noise=alls=4:allf=t`,
  `testsrc2=s=${SIZE}:r=25,rotate=0.02*t:fillcolor=gray,format=yuv420p,noise=alls=5:allf=t`,
];

const ffmpeg = (args: string[]) => run("ffmpeg", ["-v", "error", "-nostdin", "-y", ...args]);

async function once(name: string, make: (path: string) => Promise<unknown>): Promise<string> {
  const path = join(FOLDER, name);
  if (existsSync(path)) return path;
  await mkdir(FOLDER, { recursive: true });
  const draft = join(FOLDER, `draft-${name}`);
  await make(draft);
  await rename(draft, path);
  return path;
}

/**
 * Half a minute of video, 720p at 25 frames a second, as a camera writes it: H.264, a keyframe at least every
 * 2 s.
 */
const footage = () =>
  once("picture-1.mp4", (to) =>
    ffmpeg([
      ...SCENES.flatMap((scene) => ["-f", "lavfi", "-t", String(SCENE_SECONDS), "-i", scene]),
      "-filter_complex",
      `${SCENES.map((_, n) => `[${n}:v]format=yuv420p,setsar=1[s${n}];`).join("")}${SCENES.map((_, n) => `[s${n}]`).join("")}concat=n=${SCENES.length}`,
      ...[
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-crf",
        "21",
        "-maxrate",
        "6M",
        "-bufsize",
        "12M",
        "-g",
        "50",
        "-f",
        "mp4",
        to,
      ],
    ]),
  );

/**
 * A source of `seconds` with a stereo track: the same half minute of video repeated, copied without another
 * encode.
 */
export async function sourceOf(seconds: number): Promise<string> {
  const from = await footage();
  return once(`source-1-${seconds}.mp4`, (to) =>
    ffmpeg([
      ...["-stream_loop", "-1", "-i", from],
      ...["-f", "lavfi", "-i", `anoisesrc=r=48000:c=pink:a=0.1:d=${seconds},aformat=channel_layouts=stereo`],
      ...["-map", "0:v", "-map", "1:a", "-t", String(seconds)],
      ...["-c:v", "copy", "-c:a", "aac", "-b:a", "160k", "-f", "mp4", to],
    ]),
  );
}

const HLG = ["-color_primaries", "bt2020", "-color_trc", "arib-std-b67", "-colorspace", "bt2020nc"];

/**
 * What phones record: 1080p HEVC, more expensive to decode; without audio. `hdr`: 10-bit HLG, as current
 * phones do.
 */
export async function phoneSource(seconds: number, hdr: boolean): Promise<string> {
  const from = await footage();
  const format = hdr ? "yuv420p10le" : "yuv420p";
  return once(`${hdr ? "hlg" : "phone"}-1-${seconds}.mp4`, (to) =>
    ffmpeg([
      ...["-stream_loop", "-1", "-i", from, "-t", String(seconds)],
      ...["-vf", `scale=1920:1080,format=${format}`, ...(hdr ? HLG : []), "-c:v", "libx265"],
      ...["-preset", "ultrafast", "-x265-params", "log-level=error:keyint=50", "-crf", "24"],
      ...["-tag:v", "hvc1", "-f", "mp4", to],
    ]),
  );
}
