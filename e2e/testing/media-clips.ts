/** Generated clips for the media tests: made once per machine, named by what made them. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const FOLDER = join(tmpdir(), "storagex-media-clips");
let version: Promise<string> | undefined;

/** Another FFmpeg version writes other files. */
const ffmpegVersion = () => {
  version ??= run("ffmpeg", ["-version"]).then(({ stdout }) => stdout.split("\n")[0] ?? "");
  return version;
};

/**
 * A file made by FFmpeg from `args` (without the output), called `name` with its ending: `clipOf("late.ts",
 * [...])`. `edit` changes the draft afterwards; `recipe` names that edit.
 */
export async function clipOf(
  name: string,
  args: readonly string[],
  edit?: { recipe: string; apply(path: string): Promise<void> },
): Promise<string> {
  const recipe = JSON.stringify([await ffmpegVersion(), args, edit?.recipe]);
  const key = createHash("sha256").update(recipe).digest("hex").slice(0, 10);
  const ending = extname(name);
  const path = join(FOLDER, `${name.slice(0, -ending.length)}-${key}${ending}`);
  if (existsSync(path)) return path;
  await mkdir(FOLDER, { recursive: true });
  const draft = join(FOLDER, `draft-${process.pid}-${Math.random().toString(36).slice(2)}${ending}`);
  await run("ffmpeg", ["-v", "error", "-nostdin", "-y", ...args, draft], { maxBuffer: 2 ** 24 });
  await edit?.apply(draft);
  await rename(draft, path);
  return path;
}

/** An input of moving test bars. */
export const bars = (size: string, rate: string | number, seconds: number): string[] => [
  ...["-f", "lavfi", "-i", `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`],
];

/** An input of a sine tone. */
export const tone = (hertz: number, seconds: number): string[] => [
  ...["-f", "lavfi", "-i", `sine=frequency=${hertz}:duration=${seconds}:sample_rate=48000`],
];

/** H.264 that is cheap to encode. */
export const H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "30"];

/** Two inputs, black and silent except for a flash and a beep of a fifth of a second at each of `times`. */
export function flashAndBeep(times: readonly number[], seconds: number, rate = 30): string[] {
  const on = times.map((at) => `between(t,${at},${at + 0.2})`).join("+");
  return [
    ...["-f", "lavfi", "-i"],
    `color=black:size=160x90:rate=${rate}:duration=${seconds},drawbox=color=white:t=fill:enable='${on}'`,
    ...["-f", "lavfi", "-i", `aevalsrc='if(${on},0.5*sin(1000*2*PI*t),0)':d=${seconds}:s=48000`],
  ];
}

/** Pixels per second of the waves. */
const SPEED = 300;

/**
 * An input of waves that move evenly. The interlace detector is reliable here (the edges of `bars` deceive
 * it). geq is slow: it draws one wide frame, over which a window moves by a whole number of pixels per frame.
 */
export const waves = (size: string, rate: number, seconds: number): string[] => {
  const [width = 0, height = 0] = size.split("x").map(Number);
  const whole = `nullsrc=s=${width + SPEED * seconds}x${height}:r=${rate}:d=${1 / rate}`;
  const drawn = "geq=lum='128+100*sin(X/14)+20*sin(Y/40)':cb=128:cr=128";
  const moved = `crop=${width}:${height}:${SPEED}*t:0`;
  return ["-f", "lavfi", "-i", `${whole},${drawn},${standing(seconds)},${moved}`];
};
/** A filter that shows the one frame before it for `seconds`. */
export const standing = (seconds: number): string => `loop=-1:1,trim=duration=${seconds}`;
