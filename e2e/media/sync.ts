/**
 * One zero of time: a flash and a beep that coincide in the source coincide in MP4 and HLS, at the same time.
 */
import { describe, expect, test } from "vitest";
import { syncOfFile, syncOfHls } from "../testing/measure.ts";
import { H264 } from "../testing/media-clips.ts";
import { completed, type Stage } from "../testing/whole-path.ts";
import { type Container, FAULTS, type Fault, FORMS, syncClip, TIMES } from "./sync-clips.ts";

/** Seconds (EBU R37 allows 40 ms of early audio at a broadcaster's output). */
const MAX_OFFSET = 0.025;

type Case = {
  container: Container;
  fault: Fault;
  name?: string;
  options?: readonly string[];
  timed?: number;
};

/**
 * One container for each kind of clock, with each fault that it is prone to; the long form has every pair.
 */
const SHORT: readonly Case[] = [
  { container: "ts", fault: "audio late" },
  { container: "ts", fault: "video late" },
  { container: "ts", fault: "gap in audio" },
  { container: "vob", fault: "audio late" },
  { container: "mkv", fault: "holes in audio" },
  { container: "mp4", fault: "video late" },
  { container: "flv", fault: "even" },
  { container: "avi", fault: "even" },
  { container: "webm", fault: "audio late" },
];
/**
 * What a container cannot express. AVI has no times, only counts: nothing shows what was left out of its
 * audio. MP2 in a program stream has a time for about every fourth packet: until the next one, what follows a
 * hole is early in every player. Ogg has one time per page, at its end: what follows a hole pulls what
 * precedes it along.
 */
const UNSAYABLE: Partial<Record<Container, ReadonlySet<Fault>>> = {
  avi: new Set(["audio late", "gap in audio", "holes in audio"]),
  mpg: new Set(["holes in audio"]),
  ogv: new Set(["gap in audio", "holes in audio"]),
};
const LONG: readonly Case[] = Object.keys(FORMS).flatMap((container) =>
  Object.keys(FAULTS).flatMap((fault): Case[] => {
    const each = { container: container as Container, fault: fault as Fault };
    return UNSAYABLE[each.container]?.has(each.fault) ? [] : [each];
  }),
);

const REORDERED = ["-preset", "veryfast", "-bf", "2"];

/** 33-bit times of 90 kHz wrap around after 95443.718 s; FFmpeg's muxer adds 1.4 s. */
const wrapping = (seconds: number) => ["-output_ts_offset", String(95_443.718 - 1.4 - seconds)];
const CLOCKS: readonly Case[] = [
  { container: "ts", fault: "audio late", name: ", clock wraps midway", options: wrapping(2) },
  {
    ...{ container: "ts", fault: "video late", name: ", clock begins at zero" },
    options: ["-muxdelay", "0", "-muxpreload", "0"],
  },
  {
    ...{ container: "mkv", fault: "video late", name: ", clock begins before zero" },
    options: ["-output_ts_offset", "-0.5", "-avoid_negative_ts", "disabled"],
  },
  // Frames in between are counted: FFmpeg knows their order only.
  {
    container: "vob",
    fault: "audio late",
    name: ", H.264 with a timestamp per PES packet",
    options: [...H264, ...REORDERED],
  },
  {
    ...{ container: "ts", fault: "video late", name: ", H.264 with one timestamp in 15 frames" },
    ...{ options: REORDERED, timed: 15 },
  },
  {
    ...{ container: "ts", fault: "even", name: ", HEVC without a rate and few timestamps" },
    ...{
      options: ["-c:v", "libx265", "-x265-params", "vui-timing-info=0:bframes=2:log-level=error"],
      timed: 15,
    },
  },
];

const isLong = process.env.STORAGEX_TEST_LONG === "1";
const cases = [...(isLong ? LONG : SHORT), ...CLOCKS].map((each) => ({
  ...each,
  title: `${each.container}, ${each.fault}${each.name ?? ""}`,
}));

export function syncTests(stage: Stage): void {
  describe.concurrent("sync", () => {
    test.each(cases)("$title", async ({ container, fault, options, timed }) => {
      const { playback } = await completed(stage, await syncClip(container, fault, { options, timed }));
      for (const { flashes, beeps } of [await syncOfFile(playback.mp4), await syncOfHls(playback.hls)]) {
        const seen = `flashes ${flashes.join(" ")}, beeps ${beeps.join(" ")}`;
        expect([flashes.length, beeps.length], seen).toEqual([TIMES.length, TIMES.length]);
        const shift = (flashes[0] ?? 0) - TIMES[0];
        expect(shift, seen).toBeLessThanOrEqual(FORMS[container].shift + 0.001);
        expect(shift, seen).toBeGreaterThanOrEqual(-0.001);
        for (const [n, time] of TIMES.entries()) {
          const at = time + shift;
          expect(Math.abs((flashes[n] ?? 0) - at), seen).toBeLessThanOrEqual(MAX_OFFSET);
          expect(Math.abs((beeps[n] ?? 0) - at), seen).toBeLessThanOrEqual(MAX_OFFSET);
        }
      }
    });
  });
}
