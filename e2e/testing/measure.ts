/**
 * Measures what a viewer would see and hear of a file or URL, by plain FFmpeg and arithmetic: independent of
 * the product's own arguments.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { openTracks } from "./hls-tracks.ts";

const run = promisify(execFile);
const MAX_BUFFER = 512 * 2 ** 20;

/** A frame's presentation time in seconds and its mean luma (0–255). */
export type Frame = { at: number; luma: number };
export type Sync = { flashes: number[]; beeps: number[] };

/**
 * Every frame of a video stream, the first unless `stream` says another, in the order shown; `before` comes
 * before the input.
 */
export async function framesOf(
  input: string,
  { before = [], stream = 0 }: { before?: readonly string[]; stream?: number } = {},
): Promise<Frame[]> {
  const args = ["-v", "error", "-nostdin", ...before, "-i", input, ...framesOut(stream)];
  return framesIn((await run("ffmpeg", args, { maxBuffer: MAX_BUFFER })).stdout);
}

/** The output that prints each frame of a video stream, for `framesIn`. */
const framesOut = (stream: number): string[] => [
  ...["-map", `0:v:${stream}`, "-fps_mode", "passthrough"],
  "-vf",
  "scale=64:36,format=yuv420p,signalstats,metadata=mode=print:key=lavfi.signalstats.YAVG:file=-",
  ...["-f", "null", "-"],
];

const framesIn = (printed: string): Frame[] =>
  [...printed.matchAll(/pts_time:(\S+)\s+lavfi\.signalstats\.YAVG=(\S+)/g)].map(([, at, luma]) => ({
    at: Number(at),
    luma: Number(luma),
  }));

/** Samples of an audio stream (-1 to 1), one array per channel, at 48 kHz, from the timeline's zero on. */
export async function samplesOf(input: string, stream = 0, channels = 2): Promise<Float32Array[]> {
  const args = ["-v", "error", "-nostdin", "-i", input, ...samplesOut("pipe:1", `0:a:${stream}`, channels)];
  const { stdout } = await run("ffmpeg", args, { encoding: "buffer", maxBuffer: MAX_BUFFER });
  return samplesIn(stdout, channels);
}

/** The output that writes an audio stream's samples to `pipe`, for `samplesIn`. */
const samplesOut = (pipe: string, map: string, channels: number): string[] => [
  ...["-map", map, "-af", "aresample=48000:async=1:min_hard_comp=0.002:first_pts=0"],
  // In integers FFmpeg keeps a mix within full scale; in floats the mix of two equal channels would be 3 dB
  // louder.
  ...["-ac", String(channels), "-f", "s16le", pipe],
];

function samplesIn(bytes: Buffer, channels: number): Float32Array[] {
  const count = Math.floor(bytes.length / 2 / channels);
  return Array.from({ length: channels }, (_, channel) =>
    Float32Array.from(
      { length: count },
      (_sample, n) => bytes.readInt16LE(2 * (n * channels + channel)) / 32_768,
    ),
  );
}

/** Root mean square in dB of full scale; -Infinity for silence. */
export function levelOf(samples: Float32Array): number {
  const sum = samples.reduce((total, sample) => total + sample * sample, 0);
  return 10 * Math.log10(sum / Math.max(1, samples.length));
}

/** RMS level in dB of the tone of `hertz` in `samples` at 48 kHz (Goertzel's algorithm). */
export function toneLevel(samples: Float32Array, hertz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / 48_000);
  let previous = 0;
  let before = 0;
  for (const sample of samples) {
    const next = sample + coefficient * previous - before;
    before = previous;
    previous = next;
  }
  const power = previous * previous + before * before - coefficient * previous * before;
  return 10 * Math.log10((2 * power) / samples.length ** 2);
}

const FLASH = { on: 100, off: 60 };
/** `on`: share of full scale at which a beep begins. `silence`: seconds of silence that end it. */
const BEEP = { on: 0.12, silence: 0.1 };

/** Times at which the frame turns white. */
function flashesOf(frames: readonly Frame[]): number[] {
  const flashes: number[] = [];
  let on = false;
  for (const { at, luma } of frames) {
    if (luma > FLASH.on && !on) flashes.push(at);
    on = luma > FLASH.on || (on && luma >= FLASH.off);
  }
  return flashes;
}

/** Times at which a tone begins, in samples at 48 kHz. */
function beepsOf(samples: Float32Array): number[] {
  const beeps: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const [n, sample] of samples.entries()) {
    if (Math.abs(sample) < BEEP.on) continue;
    if (n - last > BEEP.silence * 48_000) beeps.push(n / 48_000);
    last = n;
  }
  return beeps;
}

/** Every frame of a file, and its audio mixed down to one channel: decoded once for several measurements. */
export type Decoded = { frames: Frame[]; samples: Float32Array };

/** `audio`: the file that holds the audio, where it is another one. */
export async function decodedOf(input: string, audio?: string): Promise<Decoded> {
  const inputs = [input, ...(audio === undefined ? [] : [audio])].flatMap((file) => ["-i", file]);
  // One process for both: starting FFmpeg costs more than decoding a short clip.
  const outputs = [...framesOut(0), ...samplesOut("pipe:3", audio === undefined ? "0:a:0" : "1:a:0", 1)];
  const child = spawn("ffmpeg", ["-v", "error", "-nostdin", ...inputs, ...outputs], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const read = (pipe: 1 | 2 | 3) => buffer(child.stdio[pipe] as Readable);
  const [printed, said, samples, [code]] = await Promise.all([
    read(1),
    read(2),
    read(3),
    once(child, "close"),
  ]);
  if (code !== 0) throw new Error(`FFmpeg cannot decode ${input}: ${said.toString().slice(-2_000)}`);
  return { frames: framesIn(printed.toString()), samples: samplesIn(samples, 1)[0] ?? new Float32Array() };
}

export const syncIn = ({ frames, samples }: Decoded): Sync => ({
  flashes: flashesOf(frames),
  beeps: beepsOf(samples),
});

/** Flashes and beeps of a progressive file (seconds). */
export const syncOfFile = async (input: string): Promise<Sync> => syncIn(await decodedOf(input));

/**
 * Flashes and beeps of an HLS presentation, on the timeline of its segments' boxes, as browsers place them.
 */
export async function syncOfHls(url: string): Promise<Sync> {
  await using tracks = await openTracks(url);
  const { video, audio } = tracks;
  const { frames, samples } = audio
    ? await decodedOf(video.path, audio.path)
    : { frames: await framesOf(video.path), samples: new Float32Array() };
  // FFmpeg shifts a fragmented file by its composition offsets; the boxes say where the first frame is.
  const shift = video.begins - (frames[0]?.at ?? 0);
  const flashes = flashesOf(frames).map((at) => at + shift);
  return { flashes, beeps: beepsOf(samples).map((at) => at + (audio?.begins ?? 0)) };
}

/**
 * Mean RGB (0–255) of a small square around each point (shares of width and height) of the frame at
 * `seconds`.
 */
export async function coloursAt(
  input: string,
  seconds: number,
  points: readonly (readonly [number, number])[],
): Promise<[number, number, number][]> {
  const width = 320;
  const height = 180;
  const toRgb = `scale=${width}:${height}:in_color_matrix=bt709:in_range=tv:out_range=full:flags=area+accurate_rnd+full_chroma_int,format=rgb24`;
  const { stdout } = await run(
    "ffmpeg",
    [
      ...["-v", "error", "-nostdin", "-ss", seconds.toFixed(3), "-i", input, "-map", "0:v:0"],
      ...["-frames:v", "1", "-vf", toRgb, "-f", "rawvideo", "pipe:1"],
    ],
    { encoding: "buffer", maxBuffer: MAX_BUFFER },
  );
  return points.map(([x, y]) => {
    const sums: [number, number, number] = [0, 0, 0];
    for (let dy = -2; dy <= 2; dy++) {
      for (let dx = -2; dx <= 2; dx++) {
        const at = 3 * ((Math.round(y * height) + dy) * width + Math.round(x * width) + dx);
        for (const channel of [0, 1, 2] as const) sums[channel] += (stdout[at + channel] ?? 0) / 25;
      }
    }
    return sums;
  });
}

/** Counts frames by FFmpeg's interlace detector: combed (top or bottom field first) or progressive. */
export async function combingOf(input: string): Promise<{ combed: number; progressive: number }> {
  const { stderr } = await run(
    "ffmpeg",
    ["-nostdin", "-i", input, "-map", "0:v:0", "-vf", "idet", "-f", "null", "-"],
    { maxBuffer: MAX_BUFFER },
  );
  // FFmpeg 7 also prints the counts of a graph that it makes and drops before the first frame.
  const found = [
    ...stderr.matchAll(/Multi frame detection: TFF:\s*(\d+) BFF:\s*(\d+) Progressive:\s*(\d+)/g),
  ].at(-1);
  if (!found) throw new Error("idet said nothing");
  const [, top, bottom, progressive] = found.map(Number);
  return { combed: (top ?? 0) + (bottom ?? 0), progressive: progressive ?? 0 };
}

/** Duration of the first video stream in seconds, including its last frame. */
export async function secondsOf(input: string): Promise<number> {
  const asked = [
    "-v",
    "error",
    "-select_streams",
    "v:0",
    "-show_entries",
    "stream=duration",
    "-of",
    "csv=p=0",
    input,
  ];
  return Number((await run("ffprobe", asked)).stdout);
}
