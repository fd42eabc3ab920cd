/** The check of a completed video finds what is wrong with it, and nothing in a correct one. */
import { describe, expect, test } from "vitest";
import type { Decoded, Span } from "./decoded.ts";
import { othersShown, wrongSuccess } from "./judge.ts";

const RATE = 25;
const spans = (count: number, from = 0): Span[] =>
  Array.from({ length: count }, (_, n) => ({ at: from + n / RATE, lasts: 1 / RATE }));
const lumaAt = (seconds: number) => 120 + 80 * Math.sin(5 * seconds);
/** A video of `count` frames that begins at `from` on its file's clock. */
const film = (
  count: number,
  { from = 0, audioFrames = count }: { from?: number; audioFrames?: number } = {},
): Decoded => ({
  video: spans(count, from),
  shown: spans(count, from).map(({ at }) => ({ at, luma: lumaAt(at - from) })),
  audio: audioFrames > 0 ? [spans(audioFrames, from)] : [],
});
const source = film(100, { from: 1.4 });

test("a right video is right, with a frame more or less and on whatever clock the source has", () => {
  expect(wrongSuccess(film(100), source)).toBeNull();
  expect(wrongSuccess(film(101), source)).toBeNull();
  expect(wrongSuccess(film(100), film(100))).toBeNull();
});

test("frames at the beginning that cannot be decoded have their time", () => {
  const made = film(100);
  const first = made.shown[12]?.luma ?? 0;
  const held = made.shown.map((frame, n) => (n < 12 ? { ...frame, luma: first } : frame));
  const { shown, video } = source;
  expect(
    wrongSuccess({ ...made, shown: held }, { shown: shown.slice(12), video: video.slice(12), audio: [] }),
  ).toBeNull();
});

describe("a wrong one is found", () => {
  test.each<[string, Decoded, RegExp]>([
    ["without frames", film(0), /no frame/],
    ["cut short", film(70), /lasts 2\.80 s where FFmpeg decodes 4\.00 s/],
    ["too long", film(130), /lasts 5\.20 s/],
    ["without its audio", film(100, { audioFrames: 0 }), /without the source's audio/],
    ["whose audio ends early", film(100, { audioFrames: 60 }), /audio ends at 2\.40 s/],
    [
      "that stands still",
      { ...film(100), shown: spans(100).map(({ at }) => ({ at, luma: lumaAt(0) })) },
      /% of its frames are not the source's/,
    ],
    [
      "whose frames come a second late",
      { ...film(100), shown: spans(100).map(({ at }) => ({ at, luma: lumaAt(Math.max(0, at - 1)) })) },
      /% of its frames/,
    ],
    ["whose clock stands", { ...film(100), video: [...spans(99), { at: 0.5, lasts: 1 }] }, /do not rise/],
  ])("%s", (_, made, fault) => {
    expect(wrongSuccess(made, source)).toMatch(fault);
  });

  test("of a source of which nothing decodes", () => {
    expect(wrongSuccess(film(100), film(0))).toMatch(/decodes no frame/);
  });
});

test("recordings put end to end have no span to compare with", () => {
  const twice = { ...source, video: [...spans(50, 3), ...spans(50, 1)] };
  expect(wrongSuccess(film(200), twice)).toBeNull();
});

test("frames are compared by what stood on the screen at their time", () => {
  expect(othersShown(film(100).shown, source.shown, 1.4)).toBe(0);
  expect(othersShown(film(100).shown, source.shown, 2.4)).toBeGreaterThan(0.5);
});
