/** Reads encoded files in tests: which source frame each frame shows, and how long a file's audio is. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Runs `tool` on bytes as a file and returns its stdout. The file's path replaces `FILE`. */
export async function onFile(bytes: Buffer, tool: string, args: string[]): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "storagex-read-"));
  try {
    const path = join(folder, "file.mp4");
    await writeFile(path, bytes);
    const words = args.map((word) => (word === "FILE" ? path : word));
    const { stdout } = await run(tool, words, { encoding: "buffer", maxBuffer: 512 * 2 ** 20 });
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const ROW = { width: 64, height: 4 } as const;
const BITS = 16;

/**
 * The burned-in counter of every frame. `turned`: the row of blocks runs up the left side (a source rotated
 * by 270°).
 */
export async function countersOf(bytes: Buffer, turned = false): Promise<number[]> {
  const upright = turned ? "transpose=1," : "";
  const filter = `${upright}crop=iw:8:0:4,scale=${ROW.width}:${ROW.height}:flags=area,format=gray`;
  const decode = ["-v", "error", "-i", "FILE", "-map", "0:v:0", "-vf", filter, "-fps_mode", "passthrough"];
  const raw = await onFile(bytes, "ffmpeg", [...decode, "-f", "rawvideo", "pipe:1"]);
  const size = ROW.width * ROW.height;
  return Array.from({ length: raw.length / size }, (_, frame) => {
    let value = 0;
    for (let bit = 0; bit < BITS; bit++) {
      const x = Math.floor(((bit + 0.5) * ROW.width) / BITS);
      if ((raw[frame * size + ROW.width + x] ?? 0) > 125) value += 2 ** bit;
    }
    return value;
  });
}

/** Presentation times (seconds) of a stream's packets, in file order. */
export async function packetTimes(bytes: Buffer, stream: "v" | "a"): Promise<number[]> {
  const ask = [
    "-v",
    "error",
    "-select_streams",
    stream,
    "-show_entries",
    "packet=pts_time",
    "-of",
    "csv=p=0",
    "FILE",
  ];
  const text = (await onFile(bytes, "ffprobe", ask)).toString();
  return text.split("\n").filter(Boolean).map(Number.parseFloat);
}
