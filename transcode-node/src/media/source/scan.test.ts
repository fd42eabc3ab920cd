/** Which sources are scanned, and what is concluded from the detector's counts. */
import { describe, expect, test } from "vitest";
import type { ProbedStream } from "./probe.ts";
import { type Counts, countsOf, scanOf, uncertaintyOf } from "./scan.ts";

const stream = (
  codec_name: string,
  field_order?: string,
  more: Partial<ProbedStream> = {},
): ProbedStream => ({
  ...{
    index: 0,
    codec_type: "video",
    codec_name,
    field_order,
    disposition: {},
    tags: {},
    side_data_list: [],
    ...more,
  },
});

test.each([
  ["H.264 that says progressive in MP4", "h264", "progressive", "mov", "no"],
  ["HEVC, whose decoder gives fields", "hevc", "unknown", "mpegts", "no"],
  ["VP9", "vp9", undefined, "matroska", "no"],
  ["what says interlaced", "dvvideo", "bb", "mov", "no"],
  ["DV in AVI", "dvvideo", "unknown", "avi", "perhaps"],
  ["DNxHD without a word", "dnxhd", undefined, "mov", "perhaps"],
  ["a transport stream that begins progressive", "h264", "progressive", "mpegts", "perhaps"],
  ["MPEG-2, whose frames say it each", "mpeg2video", "progressive", "matroska", "perhaps"],
])("%s", (_, codec, order, container, uncertain) => {
  expect(uncertaintyOf(stream(codec, order), container)).toBe(uncertain);
});

test.each([
  ["720x576", "25/1", "hardly"],
  ["720x480", "30000/1001", "hardly"],
  ["1440x1080", "30/1", "hardly"],
  ["720x576", "50/1", "no"],
  ["720x480", "24000/1001", "no"],
  ["1920x1080", "25/1", "no"],
  ["1280x720", "30/1", "no"],
])("H.264 of %s at %s that says progressive in MP4", (size, rate, uncertainty) => {
  const [width, height] = size.split("x").map(Number);
  const said = stream("h264", "progressive", { width, height, avg_frame_rate: rate });
  expect(uncertaintyOf(said, "mov")).toBe(uncertainty);
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
