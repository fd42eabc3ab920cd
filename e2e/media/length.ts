/**
 * A video lasts as long as its audio: a still, or the last frame of a shorter video, is shown to the end and
 * plays in Chromium.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Browser, launch } from "../testing/browser.ts";
import { playlistSeconds } from "../testing/hls-tracks.ts";
import { framesOf, samplesOf } from "../testing/measure.ts";
import { bars, clipOf, H264, tone } from "../testing/media-clips.ts";
import { played } from "../testing/plays.ts";
import { completed, type Stage } from "../testing/whole-path.ts";

/** `lasts`: seconds of frames; `audioSeconds`: of audio, 0 for none. */
type Case = { name: string; file: string; rate: number; lasts: number; audioSeconds: number };

const CASES: readonly Case[] = [
  { name: "one frame and six seconds", file: "one.mp4", rate: 25, lasts: 0.04, audioSeconds: 6 },
  { name: "one frame of a second and six seconds", file: "slide.mp4", rate: 1, lasts: 1, audioSeconds: 6 },
  { name: "two frames and six seconds", file: "two.mkv", rate: 25, lasts: 0.08, audioSeconds: 6 },
  { name: "three frames and six seconds", file: "three.mp4", rate: 25, lasts: 0.12, audioSeconds: 6 },
  { name: "three seconds and twenty", file: "short.mp4", rate: 25, lasts: 3, audioSeconds: 20 },
  { name: "one frame and one second", file: "brief.mp4", rate: 25, lasts: 0.04, audioSeconds: 1 },
  { name: "one silent frame", file: "one-silent.mp4", rate: 25, lasts: 0.04, audioSeconds: 0 },
  { name: "two silent frames", file: "two-silent.mkv", rate: 25, lasts: 0.08, audioSeconds: 0 },
  { name: "three silent frames", file: "three-silent.ts", rate: 25, lasts: 0.12, audioSeconds: 0 },
];
/** The others have the same grids; the long form runs the whole table. */
const SHORT = new Set(["one.mp4", "slide.mp4", "short.mp4", "two-silent.mkv"]);
const isLong = process.env.STORAGEX_TEST_LONG === "1";

const clip = ({ file, rate, lasts, audioSeconds }: Case) =>
  clipOf(file, [
    ...bars("320x180", rate, lasts),
    ...(audioSeconds > 0 ? [...tone(440, audioSeconds), "-c:a", "aac"] : []),
    ...H264,
  ]);

export function lengthTests(stage: Stage): void {
  describe.concurrent("length", () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launch();
    });
    afterAll(() => browser?.close());

    test.each(CASES.filter(({ file }) => isLong || SHORT.has(file)))("$name", async (each) => {
      const { rate, lasts, audioSeconds } = each;
      const { video, playback } = await completed(stage, await clip(each));
      const wanted = Math.max(lasts, audioSeconds);
      // A grid cannot end between two frames, nor AAC between two packets.
      const grain = 1 / rate + 0.05;
      expect(Math.abs((video.duration ?? 0) - wanted)).toBeLessThan(grain);
      expect(Math.abs((await playlistSeconds(playback.hls)) - wanted)).toBeLessThan(grain);

      const frames = await framesOf(playback.mp4);
      expect(Math.abs(frames.length / rate - wanted)).toBeLessThan(grain);
      expect(Math.abs((frames.at(-1)?.at ?? 0) + 1 / rate - wanted)).toBeLessThan(grain);
      if (audioSeconds > 0) {
        const [samples = new Float32Array()] = await samplesOf(playback.mp4, 0, 1);
        expect(Math.abs(samples.length / 48_000 - audioSeconds)).toBeLessThan(0.05);
      }

      const { duration, ...player } = await played(browser, stage.url(), playback.hls);
      expect(player).toEqual({ began: true, ended: true, errors: [] });
      expect(Math.abs(duration - wanted)).toBeLessThan(grain);
    });
  });
}
