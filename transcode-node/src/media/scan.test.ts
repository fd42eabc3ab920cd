/** Who is looked at, and what is read from what the detector counted. */
import { describe, expect, test } from "vitest";
import type { ProbedStream } from "./probe.ts";
import { type Counts, countsOf, isUncertain, scanOf } from "./scan.ts";

const stream = (codec_name: string, field_order?: string): ProbedStream => ({
  ...{
    index: 0,
    codec_type: "video",
    codec_name,
    field_order,
    disposition: {},
    tags: {},
    side_data_list: [],
  },
});

test.each([
  ["H.264 that says progressive in MP4", "h264", "progressive", "mov", false],
  ["HEVC, whose decoder gives fields", "hevc", "unknown", "mpegts", false],
  ["VP9", "vp9", undefined, "matroska", false],
  ["what says interlaced", "dvvideo", "bb", "mov", false],
  ["DV in AVI", "dvvideo", "unknown", "avi", true],
  ["DNxHD without a word", "dnxhd", undefined, "mov", true],
  ["a transport stream that begins progressive", "h264", "progressive", "mpegts", true],
  ["MPEG-2, whose frames say it each", "mpeg2video", "progressive", "matroska", true],
])("%s", (_, codec, order, container, uncertain) => {
  expect(isUncertain(stream(codec, order), container)).toBe(uncertain);
});

describe("spans", () => {
  const counts = (top = 0, bottom = 0, progressive = 0, undetermined = 0): Counts => ({
    ...{ top, bottom, progressive, undetermined },
  });
  test.each([
    ["nothing flagged, nothing woven", [[counts(), counts(0, 0, 50)]], { interlaced: false, by: "flags" }],
    ["flagged throughout", [[counts(50), counts()]], { interlaced: true, by: "flags" }],
    [
      "flagged from the second span on",
      [
        [counts(), counts(0, 0, 50)],
        [counts(50), counts()],
      ],
      { interlaced: true, by: "flags" },
    ],
    ["woven without a flag", [[counts(), counts(0, 45, 2, 28)]], { interlaced: true, by: "content" }],
    [
      "fine lines that deceive in both orders",
      [[counts(), counts(41, 27, 7)]],
      { interlaced: false, by: "flags" },
    ],
    ["fine lines that deceive in one", [[counts(), counts(44, 1, 5)]], { interlaced: false, by: "flags" }],
    ["a few frames", [[counts(), counts(6)]], { interlaced: false, by: "flags" }],
    ["nothing decoded", [[counts(), counts()]], { interlaced: false, by: "flags" }],
  ] as const)("%s", (_, spans, expected) => {
    expect(scanOf(spans.map(([flagged, plain]) => ({ flagged, plain })))).toEqual(expected);
  });
});

test("the last words of each detector count", () => {
  const line = (name: string, top: number) =>
    `[idet@${name} @ 0x1] Multi frame detection: TFF: ${top} BFF:     2 Progressive:     3 Undetermined:     4\n`;
  const said = line("plain", 0) + line("flagged", 0) + line("plain", 17) + line("flagged", 9);
  expect(countsOf(said, "plain")).toEqual({ top: 17, bottom: 2, progressive: 3, undetermined: 4 });
  expect(countsOf(said, "flagged").top).toBe(9);
  expect(countsOf("", "plain")).toEqual({ top: 0, bottom: 0, progressive: 0, undetermined: 0 });
});
