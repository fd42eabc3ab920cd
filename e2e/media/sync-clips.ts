/**
 * Clips with a flash and a beep at the same times, in every container, with a stream that begins late or has
 * a hole.
 */
import { readFile, writeFile } from "node:fs/promises";
import { fewTimes } from "../../transcode-node/src/testing/few-times.ts";
import { clipOf, flashAndBeep, H264 } from "../testing/media-clips.ts";

/** When flash and beep begin, in seconds of the clip's own content. */
export const TIMES = [1, 2.5] as const;
const SECONDS = 4;
const RATE = 30;

const MPEG2 = ["-c:v", "mpeg2video", "-q:v", "3"];

/**
 * How a container's clip is encoded; `packet` is the length of an audio packet in seconds, `shift` is the max
 * time that its muxer or its encoder puts before both streams.
 */
type Form = { codecs: readonly string[]; packet: number; shift: number };
const form = (video: readonly string[], audio: string, packet: number): Form => ({
  codecs: [...video, "-bf", "0", "-c:a", audio],
  packet,
  shift: 0,
});

const AAC = 1024 / 48_000;
const MP2 = 1152 / 48_000;
const AC3 = 1536 / 48_000;

export const FORMS = {
  ts: form(H264, "mp2", MP2),
  m2ts: form(H264, "ac3", AC3),
  mpg: form(MPEG2, "mp2", MP2),
  vob: form(MPEG2, "ac3", AC3),
  mkv: form(H264, "aac", AAC),
  mp4: form(H264, "aac", AAC),
  mov: form(H264, "alac", 4096 / 48_000),
  flv: form(H264, "aac", AAC),
  // AVI has no start times: FFmpeg's muxer writes an empty frame for the delay of MP3.
  avi: { ...form(["-c:v", "mpeg4", "-q:v", "3"], "mp3", MP2), shift: 1 / RATE },
  webm: form(["-c:v", "libvpx", "-deadline", "realtime"], "libopus", 0.02),
  ogv: form(["-c:v", "libtheora", "-q:v", "7", "-g", "1"], "libvorbis", AAC),
  // Its audio encoder begins 43 ms early.
  asf: { ...form(["-c:v", "wmv2", "-b:v", "1M"], "wmav2", 2 * AAC), shift: 1 / RATE },
} as const satisfies Record<string, Form>;
export type Container = keyof typeof FORMS;

const keyAt = (seconds: number) => ["-force_key_frames", String(seconds)];
const dropVideo = (which: string) => ["-bsf:v", `noise=drop=${which}`];
const dropAudio = (which: string) => ["-bsf:a", `noise=drop=${which}`];

/** Packets that are left out of a whole clip, so that the others keep their times. */
export const FAULTS = {
  even: () => [],
  "audio late": (packet: number) => dropAudio(`lt(n\\,${Math.round(0.6 / packet)})`),
  "video late": () => [...keyAt(0.6), ...dropVideo(`lt(n\\,${0.6 * RATE})`)],
  "gap in audio": (packet: number) =>
    dropAudio(`between(n\\,${Math.round(1.5 / packet)}\\,${Math.round(2 / packet)})`),
  "gap in video": () => [...keyAt(2), ...dropVideo(`between(n\\,${1.5 * RATE}\\,${2 * RATE - 1})`)],
  // Two of twenty packets, from before the first beep to after the last.
  "holes in audio": () => dropAudio("lt(mod(n\\,20)\\,2)*gt(n\\,10)"),
} as const satisfies Record<string, (packet: number) => readonly string[]>;
export type Fault = keyof typeof FAULTS;

/**
 * The clip of `container` with `fault`; `options` come before the output. The video keeps the timestamps of
 * each `timed`-th PES packet.
 */
export function syncClip(
  container: Container,
  fault: Fault,
  { options = [], timed }: { options?: readonly string[] | undefined; timed?: number | undefined } = {},
): Promise<string> {
  const { codecs, packet } = FORMS[container];
  const name = `${fault.replaceAll(" ", "-")}.${container}`;
  const args = [
    ...flashAndBeep(TIMES, SECONDS, RATE),
    ...["-g", "30", ...codecs, ...FAULTS[fault](packet), ...options],
  ];
  if (timed === undefined) return clipOf(name, args);
  return clipOf(name, args, {
    recipe: `one time of ${timed}`,
    apply: async (path) => writeFile(path, fewTimes(await readFile(path), timed)),
  });
}
