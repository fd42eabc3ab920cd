/** SSIM samples: where they are taken, and how FFmpeg's words are read. */
import { expect, test } from "vitest";
import { parseSsim, sampleFrames } from "./quality.ts";

const grid = (totalFrames: number) => ({
  rate: { num: 25, den: 1 },
  segmentFrames: 50,
  totalFrames,
  preRoll: 1,
});

test("samples lie on segment borders inside the video, each once", () => {
  expect(sampleFrames(grid(3000))).toEqual([500, 1500, 2500]);
  expect(sampleFrames(grid(120))).toEqual([0, 50]);
  expect(sampleFrames(grid(10))).toEqual([0]);
});

test("FFmpeg's last line is read, anything else is no value", () => {
  const line =
    "[Parsed_ssim_9 @ 0x1] SSIM Y:0.985911 (18.511) U:0.990 (20.0) V:0.99 (20.0) All:0.987246 (18.943)";
  expect(parseSsim(`x\n${line}\n`)).toBe(0.987246);
  expect(parseSsim("Conversion failed!")).toBeNull();
  expect(parseSsim("SSIM Y:nan All:nan (inf)")).toBeNull();
});
