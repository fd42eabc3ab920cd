/** Formats and sizes from real life: each becomes a checked video with the right frames and audio. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { aac, fixture, tone, x264 } from "../testing/fixtures.ts";
import { packetTimes } from "../testing/read-frames.ts";
import { startStore } from "../testing/store.ts";
import { audio, encode, finish, joined, plan, type Walk } from "../testing/walk.ts";

const SECONDS = 3;
const moving = (rate = "25", size = "160x90") => [
  "-f",
  "lavfi",
  "-i",
  `testsrc2=size=${size}:rate=${rate}:duration=${SECONDS}`,
];
const both = [...moving(), ...tone(SECONDS)];
const frames25 = 75;

type Case = [name: string, args: string[], frames: number, more?: { audio?: false; slack?: number }];

const CASES: Case[] = [
  ["theora.ogv", [...both, "-c:v", "libtheora", "-c:a", "libvorbis"], frames25],
  ["vp8.webm", [...both, "-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libvorbis"], frames25],
  [
    "vp9.webm",
    [...both, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"],
    frames25,
  ],
  ["av1.mp4", [...both, "-c:v", "libsvtav1", "-preset", "12", "-c:a", "libopus"], frames25],
  [
    "hevc-10.mkv",
    [
      ...both,
      "-c:v",
      "libx265",
      "-preset",
      "ultrafast",
      "-x265-params",
      "log-level=error",
      "-pix_fmt",
      "yuv420p10le",
      ...aac,
    ],
    frames25,
  ],
  ["mpeg2.mpg", [...both, "-c:v", "mpeg2video", "-c:a", "mp2", "-f", "vob"], frames25, { slack: 2 }],
  ["mpeg1.mpg", [...both, "-c:v", "mpeg1video", "-c:a", "mp2", "-f", "mpeg"], frames25, { slack: 2 }],
  [
    "camera.m2ts",
    [...both, ...x264, "-c:a", "ac3", "-f", "mpegts", "-mpegts_m2ts_mode", "1"],
    frames25,
    { slack: 2 },
  ],
  ["windows.wmv", [...both, "-c:v", "wmv2", "-c:a", "wmav2"], frames25, { slack: 2 }],
  ["old.flv", [...both, "-c:v", "flv1", "-ar", "44100", "-c:a", "mp3"], frames25, { slack: 2 }],
  ["mjpeg.avi", [...both, "-c:v", "mjpeg", "-c:a", "pcm_s16le"], frames25],
  [
    "xvid.avi",
    [...both, "-c:v", "mpeg4", "-vtag", "XVID", "-bf", "2", "-c:a", "mp3"],
    frames25,
    { slack: 2 },
  ],
  ["prores.mov", [...both, "-c:v", "prores_ks", "-c:a", "pcm_s24le"], frames25],
  ["alac.mov", [...both, ...x264, "-c:a", "alac"], frames25],
  [
    "dnxhd.mov",
    [...moving("25", "1280x720"), "-c:v", "dnxhd", "-profile:v", "dnxhr_lb"],
    frames25,
    { audio: false },
  ],
  ["lossless.mkv", [...both, "-c:v", "ffv1", "-pix_fmt", "yuv444p10le", "-c:a", "flac"], frames25],
  ["rgb.mkv", [...both, "-c:v", "libx264rgb", "-preset", "ultrafast", "-c:a", "mp2"], frames25],
  ["full-range.mp4", [...moving(), ...x264, "-pix_fmt", "yuvj420p"], frames25, { audio: false }],
  [
    "gray.mkv",
    [...moving(), "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "gray"],
    frames25,
    { audio: false },
  ],
  ["phone-call.mov", [...both, ...x264, "-ar", "8000", "-ac", "1", "-c:a", "pcm_mulaw"], frames25],
  ["one-per-second.mp4", [...moving("1"), ...x264], 3, { audio: false }],
  ["slow-motion.mp4", [...moving("240"), ...x264], 180, { audio: false }],
  ["ntsc-film.mp4", [...moving("24000/1001"), ...x264], 72, { audio: false }],
  ["odd-rate.mp4", [...moving("26777/1000"), ...x264], 81, { audio: false }],
  ["one-frame.mp4", [...moving(), "-frames:v", "1", ...x264], 1, { audio: false }],
  ["two-frames.mkv", [...moving(), "-frames:v", "2", ...x264], 2, { audio: false }],
  ["ribbon.mp4", [...moving("25", "1000x20"), ...x264], frames25, { audio: false }],
  ["stamp.mp4", [...moving("25", "16x16"), ...x264], frames25, { audio: false }],
  ["longer-sound.mkv", [...moving(), ...tone(12), ...x264, ...aac], 12 * 25],
];

test.each(CASES)("%s", async (name, args, frames, more = {}) => {
  await using store = await startStore();
  store.put(name, await readFile(await fixture(name, args)));
  const walk: Walk = { store, key: name };
  const made = await plan(walk);
  expect(made.source.audio.length).toBe(more.audio === false ? 0 : 1);
  expect(Math.abs(made.grid.totalFrames - frames)).toBeLessThanOrEqual(more.slack ?? 1);
  const video = [];
  for (const chunk of made.chunks) video.push(...(await encode(walk, made, chunk.index)));
  const top = video.filter(({ rendition }) => rendition === made.rungs[0]?.name);
  const times = await packetTimes(joined(walk, top), "v");
  expect(Math.abs(times.length - frames)).toBeLessThanOrEqual(more.slack ?? 1);
  expect(new Set(times).size).toBe(times.length);
  const sound = made.source.audio.length > 0 ? await audio(walk, made) : [];
  if (sound.length > 0)
    expect((await packetTimes(joined(walk, sound), "a")).length).toBeGreaterThan((SECONDS - 0.2) * 46);
  if (/frame|stamp|ribbon/.test(name)) {
    const done = await finish(walk, made, top, sound);
    expect(done.posters.length).toBeGreaterThan(0);
  }
});
