/** SSIM windows: how long they are, and how FFmpeg's output is parsed. */
import { expect, test } from "vitest";
import { parseSsim, windowFrames } from "./quality.ts";

test("a window is a second, and never longer than a segment", () => {
  const grid = (num: number, segmentFrames: number) => ({
    rate: { num, den: 1 },
    segmentFrames,
    totalFrames: 1000,
    preRoll: 1,
  });
  expect([grid(25, 50), grid(60, 120), grid(30, 12), grid(1, 2)].map(windowFrames)).toEqual([25, 60, 12, 1]);
});

test("each rendition's value is read by its number, anything else is no value", () => {
  const said = (n: number, all: string) =>
    `[ssim@r${n} @ 0x1] SSIM Y:0.985911 (18.511) U:0.990 (20.0) V:0.99 (20.0) All:${all} (18.943)`;
  const words = `x\n${said(1, "0.5")}\n${said(0, "0.987246")}\n${said(11, "0.25")}\n`;
  expect([0, 1, 2, 11].map((n) => parseSsim(words, n))).toEqual([0.987246, 0.5, null, 0.25]);
  expect(parseSsim("Conversion failed!", 0)).toBeNull();
  expect(parseSsim("[ssim@r0 @ 0x1] SSIM Y:nan All:nan (inf)", 0)).toBeNull();
});
