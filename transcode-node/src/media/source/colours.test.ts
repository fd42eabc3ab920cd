/** What pixel values mean: from the tags, and from what the existing tags imply. */
import { describe, expect, test } from "vitest";
import { coloursOf, hdrOf, matrixOf } from "./colours.ts";
import type { ProbedStream } from "./probe.ts";

const stream = (more: Partial<ProbedStream>): ProbedStream => ({
  ...{ index: 0, codec_type: "video", width: 1920, height: 1080, pix_fmt: "yuv420p" },
  ...{ disposition: {}, tags: {}, side_data_list: [], ...more },
});
const tags = (color_primaries?: string, color_transfer?: string, color_space?: string) =>
  stream({ color_primaries, color_transfer, color_space });

describe("HDR with tags missing is BT.2020", () => {
  const pq = { primaries: "bt2020", transfer: "smpte2084", matrix: 9, range: "tv" };
  test.each([
    ["all tags", tags("bt2020", "smpte2084", "bt2020nc"), pq],
    ["the curve alone", tags(undefined, "smpte2084"), pq],
    ["no primaries", tags("unknown", "smpte2084", "bt2020nc"), pq],
    ["HLG without a matrix", tags("bt2020", "arib-std-b67"), { ...pq, transfer: "arib-std-b67" }],
    [
      "small, so that players would guess BT.601",
      { ...tags(undefined, "smpte2084"), width: 320, height: 180 },
      pq,
    ],
    ["in RGB", { ...tags(undefined, "smpte2084"), pix_fmt: "gbrp10le" }, { ...pq, matrix: 0, range: "pc" }],
    ["in ICtCp", tags("bt2020", "smpte2084", "ictcp"), { ...pq, matrix: 14 }],
  ])("%s", (_, source, expected) => {
    expect(coloursOf(source)).toEqual(expected);
  });
});

describe("SDR", () => {
  const sdr = { transfer: "bt709", matrix: 1, range: "tv" };
  test.each([
    ["Display P3", tags("smpte432", "bt709", "bt709"), { ...sdr, primaries: "smpte432" }],
    ["BT.2020", tags("bt2020", "bt2020-10", "bt2020nc"), { ...sdr, primaries: "bt2020", matrix: 9 }],
    [
      "BT.2020 by its matrix alone",
      tags(undefined, undefined, "bt2020nc"),
      { ...sdr, primaries: "bt2020", matrix: 9 },
    ],
    ["BT.2020 by its primaries alone", tags("bt2020"), { ...sdr, primaries: "bt2020", matrix: 9 }],
    [
      "PAL",
      tags("bt470bg", "bt470bg", "bt470bg"),
      { ...sdr, primaries: "bt470bg", transfer: "bt470bg", matrix: 5 },
    ],
    ["NTSC", tags("smpte170m", "smpte170m", "smpte170m"), { ...sdr, primaries: "smpte170m", matrix: 6 }],
    [
      "the full range",
      { ...tags("smpte432"), color_range: "pc" },
      { ...sdr, primaries: "smpte432", range: "pc" },
    ],
    [
      "a matrix that no scaler knows",
      tags("bt709", "bt709", "ycgco"),
      { ...sdr, primaries: "bt709", matrix: 8 },
    ],
  ])("%s is converted", (_, source, expected) => {
    expect(coloursOf(source)).toEqual(expected);
  });

  test.each([
    ["BT.709", tags("bt709", "bt709", "bt709")],
    ["nothing said", tags()],
    ["BT.601's matrix alone", tags(undefined, undefined, "smpte170m")],
    ["a curve that screens show alike", tags("bt709", "iec61966-2-1", "bt709")],
    ["RGB", stream({ pix_fmt: "gbrp", color_space: "gbr" })],
  ])("%s is only scaled", (_, source) => {
    expect(coloursOf(source)).toBeUndefined();
  });
});

describe("Dolby Vision", () => {
  const dolby = (dv_profile: number, dv_bl_signal_compatibility_id: number, color_transfer?: string) =>
    stream({ color_transfer, side_data_list: [{ dv_profile, dv_bl_signal_compatibility_id }] });
  test.each([
    [5, 0],
    [10, 0],
  ])("profile %d with a base layer of kind %d is refused", (profile, base) => {
    expect(() => hdrOf(dolby(profile, base))).toThrow(
      expect.objectContaining({ code: "source.dolby_vision" }),
    );
  });
  test.each([
    ["8.1, tagged", dolby(8, 1, "smpte2084"), "pq"],
    ["8.1, untagged", dolby(8, 1), "pq"],
    ["8.4, untagged", dolby(8, 4), "hlg"],
    ["7", dolby(7, 6), "pq"],
    ["8.2", dolby(8, 2, "bt709"), null],
    ["10.1", dolby(10, 1), "pq"],
  ])("profile %s is its base layer", (_, source, hdr) => {
    expect(hdrOf(source)).toBe(hdr);
  });
});

test.each([
  ["bt709", tags(undefined, undefined, "bt709")],
  ["bt601", tags(undefined, undefined, "fcc")],
  ["bt601", stream({ width: 640, height: 480 })],
  ["bt709", stream({})],
  ["bt2020", tags("bt2020")],
])("%s is the matrix", (matrix, source) => {
  expect(matrixOf(source)).toBe(matrix);
});
