/** Frames without timestamps that cannot be counted: FFmpeg's own interpolation is used only where it is right. */
import { expect, test } from "vitest";
import type { Packets } from "./keyframes.ts";
import { interpolated } from "./untimed.ts";

/** Every sixth packet has a time, at 30 frames a second; a second is missing after packet 90. */
const points = Array.from({ length: 25 }, (_, n) => ({
  packet: 6 * n,
  seconds: (6 * n) / 30 + (n < 15 ? 0 : 1),
}));
const packets: Packets = {
  ...{ count: 25, untimed: 125, first: 0, last: 5.8, end: 5.83, gap: 1, restarts: false },
  ...{ ends: new Map(), intervals: [], points, delay: 0, untimedSeconds: 125 / 30 },
};

test("at the distance that the codec declares, to the end of the last frame", () => {
  const index = interpolated(packets);
  expect(index).toMatchObject({ count: 150, seekable: false, isUncopyable: true });
  expect(index.intervals?.map(({ seconds }) => seconds.toFixed(4))).toEqual(["0.0333"]);
  expect(index.duration).toBeCloseTo(6, 6);
});

test("refused where nothing declares it: FFmpeg would guess", () => {
  for (const guess of [0.2333, 0.000011, 0])
    expect(() => interpolated({ ...packets, untimedSeconds: 125 * guess })).toThrow(
      expect.objectContaining({ code: "source.no_timestamps" }),
    );
});
