/**
 * The ladder's guarantees: never upscaled, 720p whenever the source reaches it, never above the source's own
 * bitrate.
 */
import { describe, expect, test } from "vitest";
import { av1RungsFor, ladderFor, movieRung, overviewRung, rungSchema } from "./ladder.ts";

const rungs = (width: number, height: number, frameRate = 30, sourceRate = 0) =>
  ladderFor({ width, height, frameRate, sourceRate });
const sizes = (width: number, height: number) =>
  rungs(width, height).map((rung) => `${rung.name} ${rung.width}x${rung.height}`);

describe("rungs", () => {
  test.each([
    [
      3840,
      2160,
      [
        "2160p 3840x2160",
        "1440p 2560x1440",
        "1080p 1920x1080",
        "720p 1280x720",
        "480p 854x480",
        "360p 640x360",
      ],
    ],
    [1280, 720, ["720p 1280x720", "480p 854x480", "360p 640x360"]],
    [1080, 1920, ["1080p 1080x1920", "720p 720x1280", "480p 480x854", "360p 360x640"]],
    [1279, 719, ["720p 1280x720", "480p 854x480", "360p 640x360"]],
    [1280, 700, ["700p 1280x700", "480p 878x480", "360p 658x360"]],
    [1600, 900, ["900p 1600x900", "720p 1280x720", "480p 854x480", "360p 640x360"]],
    [1920, 800, ["800p 1920x800", "720p 1728x720", "480p 1152x480", "360p 864x360"]],
    [1920, 792, ["720p 1746x720", "480p 1164x480", "360p 872x360"]],
    [1366, 768, ["720p 1280x720", "480p 854x480", "360p 640x360"]],
    [1080, 1350, ["1080p 1080x1350", "720p 720x900", "480p 480x600", "360p 360x450"]],
    [1024, 576, ["576p 1024x576", "480p 854x480", "360p 640x360"]],
    [1081, 607, ["608p 1082x608", "480p 854x480", "360p 642x360"]],
    [700, 396, ["360p 636x360"]],
    [320, 180, ["180p 320x180"]],
    [101, 57, ["58p 102x58"]],
    [2560, 1080, ["1080p 2560x1080", "720p 1706x720", "480p 1138x480", "360p 854x360"]],
  ])("of %dx%d", (width, height, expected) => {
    expect(sizes(width, height)).toEqual(expected);
  });
});

test("between two rungs the rate follows the pixels, and nothing is above 2160p", () => {
  const [top] = rungs(1600, 900);
  expect(top).toMatchObject({ name: "900p", crf: 22, maxrate: 4_125_000 });
  expect(rungs(760, 420)[0]).toMatchObject({ name: "420p", crf: 24, maxrate: 1_078_571 });
  expect(rungs(7680, 4320)[0]?.name).toBe("2160p");
});

test("every rung is even, valid, and no larger than the source (a pixel for evenness aside)", () => {
  for (const [width, height] of [
    [1921, 1081],
    [853, 479],
    [8192, 4320],
    [2, 2],
    [640, 361],
    [4000, 90],
  ] as const) {
    for (const rung of rungs(width, height)) {
      expect(rungSchema.parse(rung)).toEqual(rung);
      expect(rung.width).toBeLessThanOrEqual(width + 1);
      expect(rung.height).toBeLessThanOrEqual(height + 1);
    }
  }
});

test("caps rise above 30 frames a second and never pass the source's own rate", () => {
  const top = (frameRate: number, sourceRate: number) => rungs(1280, 720, frameRate, sourceRate)[0]?.maxrate;
  expect(top(30, 0)).toBe(3_000_000);
  expect(top(60, 0)).toBe(3_900_000);
  expect(top(30, 1_000_000)).toBe(1_000_000);
  expect(top(30, 50_000)).toBe(200_000);
});

test("AV1 stands beside H.264 in at most two sizes, up to 1080p", () => {
  const names = (width: number, height: number) => av1RungsFor(rungs(width, height)).map((rung) => rung.name);
  expect(names(3840, 2160)).toEqual(["1080p-av1", "480p-av1"]);
  expect(names(1280, 720)).toEqual(["720p-av1", "480p-av1"]);
  expect(names(854, 480)).toEqual(["480p-av1"]);
  expect(names(320, 180)).toEqual(["180p-av1"]);
  expect(names(1600, 900)).toEqual(["900p-av1", "480p-av1"]);
  for (const rung of av1RungsFor(rungs(3840, 2160))) expect(rungSchema.parse(rung)).toEqual(rung);
});

test.each([
  [3840, 2160, "720p", "360p"],
  [1080, 1920, "720p", "360p"],
  [854, 480, "480p", "360p"],
  [320, 180, "180p", "180p"],
  [1600, 900, "720p", "360p"],
  [1280, 700, "700p", "360p"],
])("of %d × %d the MP4 is %s, and %s is looked through; AV1 is neither", (width, height, movie, overview) => {
  const h264 = rungs(width, height);
  const all = [...av1RungsFor(h264), ...h264.toReversed()];
  expect([movieRung(all).name, overviewRung(all).name]).toEqual([movie, overview]);
});
