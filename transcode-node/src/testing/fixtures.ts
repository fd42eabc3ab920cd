/**
 * Source files for tests with real FFmpeg, made once by its own generators and kept in the system's temporary
 * folder.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const FOLDER = join(tmpdir(), "storagex-fixtures");

/** Bits of the frame counter, least significant at the left, each a block of 1/16 of the frame's width. */
const COUNTER_BITS = 16;

/**
 * A graph for lavfi: `source` with each frame's number burned in as a row of black and white blocks along the
 * upper edge. It survives an encode and a scale, and shows which source frame an output frame is. geq is slow:
 * it draws one pixel per block, and the row is scaled.
 */
export const counted = (
  source: string,
  { rate, seconds, width, height = 24 }: { rate: string; seconds: number; width: string; height?: number },
): string =>
  [
    `${source}[film]`,
    `color=size=${COUNTER_BITS}x2:rate=${rate}:duration=${seconds},format=gray,` +
      `geq=lum='if(mod(floor(N/pow(2,X)),2),235,16)',scale=${width}:${height}:flags=neighbor[row]`,
    "[film][row]overlay",
  ].join(";");

/** Moving video with a counter. `seconds` at `rate`, `size` as `WxH`. */
export const picture = (rate: string, seconds: number, size = "320x180"): string[] => {
  const source = `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`;
  const [width = ""] = size.split("x");
  return ["-f", "lavfi", "-i", counted(source, { rate, seconds, width })];
};

export const tone = (seconds: number): string[] => [
  "-f",
  "lavfi",
  "-i",
  `sine=frequency=440:duration=${seconds}`,
];

export const x264 = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-pix_fmt", "yuv420p"];
export const aac = ["-c:a", "aac", "-b:a", "64k"];

/** Another FFmpeg makes another file from the same arguments. */
const version = run("ffmpeg", ["-version"]).then(({ stdout }) => stdout.split("\n", 1)[0]);

const making = new Map<string, Promise<string>>();

/**
 * Makes (or finds) the fixture that these FFmpeg arguments describe; the output file's name is appended to
 * them. Of several steps each reads the output of the previous one as `PREVIOUS`; fixtures with the same
 * first steps share their output.
 */
export async function fixture(name: string, ...steps: string[][]): Promise<string> {
  const hash = createHash("sha256")
    .update(JSON.stringify([name, steps, await version]))
    .digest("hex")
    .slice(0, 12);
  const known = making.get(hash) ?? findOrMake(join(FOLDER, hash), name, steps);
  making.set(hash, known);
  return known;
}

async function findOrMake(folder: string, name: string, steps: string[][]): Promise<string> {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  const step = steps.at(-1) ?? [];
  const previous = steps.length > 1 ? await fixture("step.mkv", ...steps.slice(0, -1)) : "";
  await mkdir(folder, { recursive: true });
  const draft = join(folder, `making-${process.pid}-${name}`);
  const args = step.map((word) => (word === "PREVIOUS" ? previous : word));
  await run("ffmpeg", ["-hide_banner", "-loglevel", "error", "-nostdin", "-y", ...args, draft]);
  await rename(draft, path);
  return path;
}
