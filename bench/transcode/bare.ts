/**
 * The same work without the product: bare FFmpeg on a local file, with exactly the encode arguments that the
 * workers use.
 */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Plan } from "@storagex/contract/tasks/plan";
import { audioArgs } from "../../transcode-node/src/media/args/audio-args.ts";
import { encodeArgs, quiet } from "../../transcode-node/src/media/args/encode-args.ts";
import { copyArgs, copyFormats } from "../../transcode-node/src/media/args/remux.ts";
import { software } from "../../transcode-node/src/media/encoders/software.ts";

const run = promisify(execFile);

/** Seconds. */
export type Spent = { wall: number; cpu: number };

/** A worker's safety options that a trusted local file does not need; each takes one value. */
const FENCES = new Set([
  "-protocol_whitelist",
  "-format_whitelist",
  "-codec_whitelist",
  "-rw_timeout",
  "-recv_buffer_size",
  "-max_pixels",
]);
const unfenced = (args: string[]): string[] =>
  args.filter((arg, n) => !FENCES.has(arg) && !FENCES.has(args[n - 1] ?? ""));

/**
 * CPU seconds of this process's ended children (fields 16 and 17 of /proc/pid/stat); no other child ends
 * while FFmpeg runs.
 */
function childrenCpu(): number {
  const fields = readFileSync("/proc/self/stat", "latin1").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

async function ffmpeg(args: string[]): Promise<Spent> {
  const before = { at: performance.now(), cpu: childrenCpu() };
  await run("ffmpeg", args, { maxBuffer: 64 * 2 ** 20 });
  return { wall: (performance.now() - before.at) / 1000, cpu: childrenCpu() - before.cpu };
}

/** All frames in all rungs of `plan`; with `withAudio` also the first audio track, in the same process. */
function wholeArgs(source: string, plan: Plan, folder: string, withAudio: boolean): string[] {
  const chunk = { index: 0, firstFrame: 0, frames: null };
  const pathOf = ({ name }: { name: string }) => join(folder, `${name}.mp4`);
  const video = unfenced(encodeArgs({ url: source, plan, chunk, pathOf, encoder: software }));
  const track = plan.source.audio[0];
  if (!withAudio || !track) return video;
  const audio = audioArgs({ url: source, source: plan.source, track });
  // The last argument is the output, stdout in a worker.
  return [...video, ...audio.slice(audio.indexOf(source) + 1, -1), join(folder, "audio.mp4")];
}

/** The best bare command: one process decodes once and encodes all rungs and the audio. */
export const whole = (source: string, plan: Plan, folder: string): Promise<Spent> =>
  ffmpeg(wholeArgs(source, plan, folder, true));

/**
 * One process per rung, one after the other, each decoding again; the audio is encoded once, with the first.
 */
export async function rungByRung(source: string, plan: Plan, folder: string): Promise<Spent> {
  const spent = { wall: 0, cpu: 0 };
  for (const [n, rung] of plan.rungs.entries()) {
    const { wall, cpu } = await ffmpeg(wholeArgs(source, { ...plan, rungs: [rung] }, folder, n === 0));
    spent.wall += wall;
    spent.cpu += cpu;
  }
  return spent;
}

/**
 * Copies the source's packets into a new container without decoding, as a plan does for a source that cannot
 * be seeked.
 */
export async function remux(source: string, plan: Plan, folder: string): Promise<Spent> {
  const file = join(folder, "copy.mkv");
  const spent = await ffmpeg(
    unfenced(copyArgs({ url: source, source: plan.source, format: copyFormats(plan.source)[0], file })),
  );
  await rm(file);
  return spent;
}

/** Decoding only; every frame is discarded. */
export const decode = (source: string): Promise<Spent> =>
  ffmpeg([...quiet, "-progress", "pipe:1", "-i", source, "-map", "0:v:0", "-f", "null", "-"]);
