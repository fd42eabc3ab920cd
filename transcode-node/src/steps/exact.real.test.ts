/** Chunked output has exactly the frames of a single pass, in order, for every kind of source. */
import { readFile } from "node:fs/promises";
import type { CutPlan, Rational } from "@storagex/contract/tasks/plan";
import type { MediaObject } from "@storagex/contract/tasks/report";
import { describe, expect, test } from "vitest";
import { cutChunks, perSecond, segmentFramesOf } from "../media/plan/grid.ts";
import { aac, counted, fixture, picture, tone } from "../testing/fixtures.ts";
import { countersOf, packetTimes } from "../testing/read-frames.ts";
import { startStore } from "../testing/store.ts";
import { turned } from "../testing/turned.ts";
import { audio, encode, joined, plan, type Walk } from "../testing/walk.ts";

const SECONDS = 20;
const SIZE = "192x108";
const bframes = ["-c:v", "libx264", "-preset", "superfast", "-bf", "3", "-crf", "20", "-pix_fmt", "yuv420p"];
const made = (rate: string, ...rest: string[]) => [
  ...picture(rate, SECONDS, SIZE),
  ...tone(SECONDS),
  ...bframes,
  ...aac,
  ...rest,
];
const base = made("30000/1001", "-g", "75");
const copy = ["-i", "PREVIOUS", "-map", "0", "-c", "copy"];
const hole = "select='mod(n,7)*not(between(t,6.1,11.8))'";
const woven = counted(`testsrc2=size=${SIZE}:rate=50:duration=${SECONDS},tinterlace=interleave_top`, {
  ...{ rate: "25", seconds: SECONDS, width: "192" },
});
const interlaced = `${woven},setfield=tff`;

type Case = {
  name: string;
  steps: string[][];
  chunks: number;
  conform?: Rational;
  turned?: boolean;
  /** The outputs of the steps are separate files, concatenated. */
  joined?: boolean;
  expect?: Partial<CutPlan["source"]>;
};

const CASES: Case[] = [
  { name: "cfr-25.mp4", steps: [made("25", "-g", "50")], chunks: 3 },
  { name: "cfr-29.97.mp4", steps: [base], chunks: 3 },
  { name: "cfr-23.976.mp4", steps: [made("24000/1001", "-g", "240")], chunks: 3 },
  { name: "cfr-59.94.mov", steps: [made("60000/1001", "-g", "120")], chunks: 3 },
  {
    name: "vfr-hole.mp4",
    steps: [
      [
        ...picture("30", SECONDS, SIZE),
        ...tone(SECONDS),
        "-vf",
        hole,
        "-fps_mode",
        "vfr",
        ...bframes,
        ...aac,
        "-g",
        "50",
      ],
    ],
    chunks: 3,
    expect: { variableFrameRate: true },
  },
  {
    // On a grid with another clock some frames are half-way between two slots: a rounding error moves them.
    name: "vfr-conformed.mp4",
    steps: [
      [
        ...[...picture("30", SECONDS, SIZE), ...tone(SECONDS), "-vf", hole, "-fps_mode", "vfr"],
        ...[...bframes, ...aac, "-g", "50"],
      ],
    ],
    chunks: 3,
    conform: { num: 24000, den: 1001 },
  },
  { name: "cues.mkv", steps: [base, copy], chunks: 3 },
  {
    name: "long-gop.mxf",
    steps: [
      [
        ...[...picture("25", SECONDS, SIZE), ...tone(SECONDS), "-c:v", "mpeg2video", "-q:v", "2", "-bf", "2"],
        ...["-g", "12", "-c:a", "pcm_s16le", "-ar", "48000"],
      ],
    ],
    chunks: 3,
  },
  {
    name: "h264.mxf",
    steps: [
      [
        ...picture("25", SECONDS, SIZE),
        ...tone(SECONDS),
        ...bframes,
        "-g",
        "25",
        "-c:a",
        "pcm_s16le",
        "-ar",
        "48000",
      ],
    ],
    chunks: 3,
  },
  { name: "no-cues.mkv", steps: [base, [...copy, "-live", "1", "-f", "matroska"]], chunks: 3 },
  { name: "fragmented.mp4", steps: [base, [...copy, "-movflags", "+frag_keyframe+empty_moov"]], chunks: 3 },
  { name: "edit-list.mp4", steps: [base, ["-ss", "1.3", ...copy]], chunks: 3 },
  {
    name: "negative-start.mkv",
    steps: [base, [...copy, "-output_ts_offset", "-0.5", "-avoid_negative_ts", "disabled"]],
    chunks: 3,
  },
  {
    name: "late-picture.mp4",
    steps: [
      base,
      ["-itsoffset", "0.5", "-i", "PREVIOUS", "-i", "PREVIOUS", "-map", "0:v", "-map", "1:a", "-c", "copy"],
    ],
    chunks: 3,
  },
  {
    name: "rotated.mp4",
    steps: [base, copy],
    chunks: 3,
    turned: true,
    expect: { width: 108, height: 192 },
  },
  {
    name: "interlaced.mp4",
    steps: [
      [
        "-f",
        "lavfi",
        "-i",
        interlaced,
        ...tone(SECONDS),
        ...bframes,
        "-flags",
        "+ildct+ilme",
        "-top",
        "1",
        "-g",
        "50",
        ...aac,
      ],
    ],
    chunks: 3,
    expect: { interlaced: true },
  },
  {
    name: "ten-bit.mkv",
    steps: [[...picture("25", SECONDS, SIZE), ...bframes, "-pix_fmt", "yuv420p10le", "-g", "50"]],
    chunks: 3,
    expect: { bitDepth: 10, audio: [] },
  },
  { name: "transport.ts", steps: [base, copy], chunks: 3, expect: { container: "mpegts" } },
  {
    // 33-bit timestamps wrap around after 95443.718 s; FFmpeg's muxer adds 1.4 s.
    name: "wraps.ts",
    steps: [base, [...copy, "-output_ts_offset", String(95_443.718 - 1.4 - 9)]],
    chunks: 3,
  },
  {
    name: "late-picture.ts",
    steps: [
      base,
      ["-itsoffset", "1.4", "-i", "PREVIOUS", "-i", "PREVIOUS", "-map", "0:v", "-map", "1:a", "-c", "copy"],
    ],
    chunks: 3,
  },
  { name: "from-100.mkv", steps: [base, [...copy, "-output_ts_offset", "100"]], chunks: 3 },
  { name: "open-gop.mp4", steps: [made("25", "-g", "50", "-x264-params", "open-gop=1")], chunks: 3 },
  {
    name: "one-keyframe.mp4",
    steps: [made("25", "-g", "9999", "-keyint_min", "9999", "-sc_threshold", "0")],
    chunks: 3,
  },
  {
    name: "mpeg4.avi",
    steps: [
      [
        ...picture("25", SECONDS, SIZE),
        ...tone(SECONDS),
        "-c:v",
        "mpeg4",
        "-q:v",
        "4",
        "-g",
        "50",
        "-c:a",
        "mp3",
      ],
    ],
    chunks: 3,
  },
  {
    name: "new-size.ts",
    steps: [
      [...picture("25", 10, SIZE), ...bframes, "-g", "50"],
      [...picture("25", 10, "256x144"), ...bframes, "-g", "50", "-output_ts_offset", "10"],
    ],
    joined: true,
    chunks: 3,
  },
  {
    name: "hevc.mp4",
    steps: [
      [
        ...picture("25", SECONDS, SIZE),
        "-c:v",
        "libx265",
        "-preset",
        "ultrafast",
        "-x265-params",
        "keyint=50:log-level=error",
        "-tag:v",
        "hvc1",
      ],
    ],
    chunks: 3,
  },
];

const sourceOf = async ({ name, steps, joined: apart, turned: isTurned }: Case): Promise<Buffer> => {
  if (isTurned) return turned(await readFile(await fixture(name, ...steps)), 270);
  if (!apart) return readFile(await fixture(name, ...steps));
  return Buffer.concat(
    await Promise.all(steps.map(async (step, n) => readFile(await fixture(`${n}-${name}`, step)))),
  );
};

function conformed(made: CutPlan, rate: Rational | undefined): CutPlan {
  if (!rate) return made;
  const totalFrames = Math.round(made.source.duration * perSecond(rate));
  const grid = { ...made.grid, rate, segmentFrames: segmentFramesOf(rate), totalFrames };
  return { ...made, grid, chunks: cutChunks(grid, { workers: 1, isUploading: false }) };
}

async function chunked(walk: Walk, made: CutPlan): Promise<MediaObject[]> {
  const objects: MediaObject[] = [];
  for (const chunk of made.chunks) objects.push(...(await encode(walk, made, chunk.index)));
  return objects;
}

describe.each(CASES)("$name", (source) => {
  const { name, chunks, turned: isTurned, expect: facts } = source;
  test(`is ${chunks} chunk(s) with the frames of one pass`, async () => {
    await using store = await startStore();
    store.put(name, await sourceOf(source));
    const walk: Walk = { store, key: name };
    const planned = conformed(await plan(walk), source.conform);
    expect(planned.source).toMatchObject(facts ?? {});
    expect(planned.chunks.length).toBe(chunks);

    const objects = await chunked(walk, planned);
    expect(new Set(objects.map((object) => object.initHash)).size).toBe(1);
    const many = joined(walk, objects);
    const counters = await countersOf(many, isTurned);
    const times = await packetTimes(many, "v");

    const whole = { ...planned, chunks: [{ index: 0, firstFrame: 0, frames: null }] };
    const one = joined(walk, await encode(walk, whole, 0));
    expect(counters).toEqual(await countersOf(one, isTurned));
    expect(counters.length).toBeGreaterThan(100);
    if (name.startsWith("cfr-")) expect(counters).toEqual(counters.map((_, frame) => frame));
    expect(times.sort((a, b) => a - b)).toEqual((await packetTimes(one, "v")).sort((a, b) => a - b));
    expect(new Set(times).size).toBe(counters.length);
    expect(Math.abs(counters.length - planned.grid.totalFrames)).toBeLessThanOrEqual(2);

    if (planned.source.audio.length > 0) {
      const sound = joined(walk, await audio(walk, planned));
      const seconds = (await packetTimes(sound, "a")).length * (1024 / 48000);
      expect(Math.abs(seconds - SECONDS)).toBeLessThan(name === "edit-list.mp4" ? 1.5 : 0.6);
    }
  });
});
