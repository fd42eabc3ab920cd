/**
 * A clip in which every frame shows its own number, and the reader of those numbers from what was made of it.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Bits of the number, least significant at the left, each a block of 1/16 of the frame's width. */
const BITS = 16;
const STRIP = 24;

/**
 * As a camera writes it, with more bits than any rung has; as an encoder for the web does, fit to be copied; and
 * filled up to a megabyte each second, for files that are long to upload and quick to encode.
 */
const CODING = {
  camera: ["-preset", "ultrafast"],
  web: [
    ...["-preset", "veryfast", "-crf", "27", "-bf", "3", "-sc_threshold", "0"],
    ...["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"],
  ],
  filled: [
    ...["-preset", "ultrafast", "-b:v", "8M", "-minrate", "8M", "-maxrate", "8M", "-bufsize", "4M"],
    ...["-x264-params", "nal-hrd=cbr"],
  ],
};

/** `seconds` of moving video with a tone at `rate`; drawn once per machine. Returns the file's path. */
export async function countedClip(
  seconds: number,
  rate: number,
  size: string,
  coding: keyof typeof CODING = "camera",
): Promise<string> {
  const path = join(tmpdir(), `storagex-counted-1-${coding}-${size}-${rate}-${seconds}.mp4`);
  if (existsSync(path)) return path;
  const [width = "640"] = size.split("x");
  const number = `color=s=${BITS}x2:r=${rate}:d=${seconds},format=gray,geq=lum='if(mod(floor(N/pow(2,X)),2),235,16)'`;
  const graph = [
    `testsrc2=s=${size}:r=${rate}:d=${seconds}[picture]`,
    `${number},scale=${width}:${STRIP}:flags=neighbor[strip]`,
    "[picture][strip]overlay[out]",
  ].join(";");
  const draft = `${path}.${process.pid}.mp4`;
  await run("ffmpeg", [
    ...["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", `sine=f=440:r=48000:d=${seconds}`],
    ...["-filter_complex", graph, "-map", "[out]", "-map", "0:a"],
    ...["-c:v", "libx264", ...CODING[coding], "-pix_fmt", "yuv420p", "-g", String(2 * rate), "-c:a", "aac"],
    draft,
  ]);
  await rename(draft, path);
  return path;
}

/** The number on each frame of the first video stream at `url`, in the order in which a player shows them. */
export async function numbersOf(url: string): Promise<number[]> {
  const filter = `crop=iw:4:0:4,scale=${BITS * 4}:1:flags=area,format=gray`;
  const decode = ["-v", "error", "-i", url, "-map", "0:v:0", "-vf", filter, "-fps_mode", "passthrough"];
  const { stdout } = await run("ffmpeg", [...decode, "-f", "rawvideo", "pipe:1"], {
    encoding: "buffer",
    maxBuffer: 64 * 2 ** 20,
  });
  const row = BITS * 4;
  return Array.from({ length: stdout.length / row }, (_, frame) =>
    Array.from({ length: BITS }, (_bit, bit) =>
      (stdout[frame * row + bit * 4 + 2] ?? 0) > 125 ? 2 ** bit : 0,
    ).reduce((sum, value) => sum + value, 0),
  );
}
