/**
 * Interlaced sources become whole, uncombed frames, whatever their containers declare; no frame is doubled.
 */
import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { combingOf, framesOf } from "../testing/measure.ts";
import { clipOf, waves } from "../testing/media-clips.ts";
import { completed, type Stage } from "../testing/whole-path.ts";
import { fieldPictures } from "./field-pictures.ts";

/** 25 frames per second of two fields each; the `first` field is from the earlier time. */
const woven = (size: string, seconds: number, first: "top" | "bottom" = "top") => [
  ...waves(size, 50, seconds),
  ...["-vf", `tinterlace=interleave_${first},setfield=${first === "top" ? "tff" : "bff"}`],
];
const FLAGS = ["-flags", "+ildct+ilme"];

const CLIPS: readonly [string, () => Promise<string>, number][] = [
  [
    "DV in AVI, which does not say so",
    () =>
      clipOf("dv.avi", [
        ...woven("720x576", 1, "bottom"),
        "-c:v",
        "dvvideo",
        "-pix_fmt",
        "yuv420p",
        "-aspect",
        "4:3",
      ]),
    25,
  ],
  [
    "DNxHD in MOV, which does not say so",
    () =>
      clipOf("dnxhd.mov", [
        ...woven("1920x1080", 0.48),
        "-c:v",
        "dnxhd",
        "-b:v",
        "120M",
        "-pix_fmt",
        "yuv422p",
        "-flags",
        "+ildct",
      ]),
    12,
  ],
  [
    "HuffYUV whose frames are flagged as progressive",
    () =>
      clipOf("huffyuv.avi", [
        ...woven("320x180", 2).slice(0, -1),
        "tinterlace=interleave_bottom,setfield=prog",
        "-c:v",
        "huffyuv",
        "-pix_fmt",
        "yuv422p",
      ]),
    50,
  ],
  [
    "H.264 of a camcorder",
    () =>
      clipOf("mbaff.mp4", [
        ...woven("320x192", 2),
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-pix_fmt",
        "yuv420p",
        ...FLAGS,
      ]),
    50,
  ],
  ["a transport stream that goes on interlaced", () => goesOn(), 100],
  [
    "woven frames that MP4 declares progressive",
    () =>
      clipOf("woven.mp4", [
        ...woven("720x576", 5).slice(0, -1),
        "tinterlace=interleave_top,setfield=prog",
        ...["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-crf", "18"],
      ]),
    125,
  ],
  ["field pictures of a broadcast", () => inFields("fields.ts"), 50],
  ["field pictures copied into MP4, each counted as a frame", () => inFields("fields.mp4"), 50],
  ["field pictures copied into Matroska", () => inFields("fields.mkv"), 50],
];

/** Two seconds of field pictures, remuxed from a transport stream, as a recorder copies them. */
async function inFields(name: string): Promise<string> {
  const ts = await clipOf("field-pictures.ts", ["-f", "lavfi", "-i", "nullsrc=s=16x16:d=0.1"], {
    recipe: "field pictures",
    apply: async (file) => {
      const raw = `${file}.264`;
      await writeFile(raw, fieldPictures(50));
      await promisify(execFile)("ffmpeg", ["-v", "error", "-y", "-i", raw, "-c", "copy", file]);
      await rm(raw);
    },
  });
  return name.endsWith(".ts") ? ts : clipOf(name, ["-i", ts, "-c", "copy"]);
}

/**
 * Two seconds of progressive frames, then two of interlaced ones, as when a programme follows an
 * advertisement.
 */
async function goesOn(): Promise<string> {
  const coded = ["-c:v", "mpeg2video", "-q:v", "3"];
  const whole = await clipOf("whole.ts", [...waves("320x192", 25, 2), ...coded]);
  const second = await clipOf("woven.ts", [
    ...woven("320x192", 2),
    ...coded,
    ...FLAGS,
    "-output_ts_offset",
    "2",
  ]);
  return clipOf("goes-on.ts", ["-i", whole, "-c", "copy"], {
    recipe: `${whole} and ${second}`,
    apply: async (file) => writeFile(file, Buffer.concat([await readFile(whole), await readFile(second)])),
  });
}

export function interlacedTests(stage: Stage): void {
  describe.concurrent("interlaced", () => {
    test.each(CLIPS)("%s", async (_, clip, frames) => {
      const path = await clip();
      expect((await combingOf(path)).combed).toBeGreaterThan(10);
      const { playback, video } = await completed(stage, path);
      expect((await combingOf(playback.mp4)).combed).toBe(0);
      expect(video.frameRate).toBe(25);
      const made = await framesOf(playback.mp4);
      // A transport stream does not say where its last frame ends.
      expect(Math.abs(made.length - frames)).toBeLessThanOrEqual(path.endsWith(".ts") ? 1 : 0);
    });
  });
}
