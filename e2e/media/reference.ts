/** Ordinary sources come out right, and the measuring itself is right: the other subjects depend on it. */
import { describe, expect, test } from "vitest";
import {
  coloursAt,
  combingOf,
  framesOf,
  levelOf,
  samplesOf,
  syncOfFile,
  syncOfHls,
  toneLevel,
} from "../testing/measure.ts";
import { clipOf, flashAndBeep, H264, tone, waves } from "../testing/media-clips.ts";
import { completed, type Stage } from "../testing/whole-path.ts";

export function referenceTests(stage: Stage): void {
  describe.concurrent("reference", () => {
    test("flash and beep stand where they stood, in MP4 and HLS", async () => {
      const path = await clipOf("sync.mp4", [...flashAndBeep([1, 2.5], 4), ...H264, "-c:a", "aac"]);
      const { playback } = await completed(stage, path);
      for (const { flashes, beeps } of [await syncOfFile(playback.mp4), await syncOfHls(playback.hls)]) {
        expect(flashes.map((at) => at.toFixed(2))).toEqual(["1.00", "2.50"]);
        expect(beeps).toHaveLength(2);
        for (const [n, at] of [1, 2.5].entries()) expect(Math.abs((beeps[n] ?? 0) - at)).toBeLessThan(0.025);
      }
    });

    test("frames, colours and level are the source's", async () => {
      const path = await clipOf("plain.mp4", [
        ...["-f", "lavfi", "-i", "color=c=0x2040C0:size=160x90:rate=25:duration=2"],
        ...tone(1000, 2),
        ...[
          "-vf",
          "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
          ...H264,
          "-colorspace",
          "bt709",
        ],
        ...["-color_primaries", "bt709", "-color_trc", "bt709", "-c:a", "aac", "-ac", "2"],
      ]);
      const { playback, video } = await completed(stage, path);
      expect(video.duration).toBeCloseTo(2, 1);
      expect(await framesOf(playback.mp4)).toHaveLength(50);
      const [colour = [0, 0, 0]] = await coloursAt(playback.mp4, 1, [[0.5, 0.5]]);
      for (const [n, wanted] of [0x20, 0x40, 0xc0].entries())
        expect(Math.abs((colour[n] ?? 0) - wanted)).toBeLessThanOrEqual(4);
      const [left] = await samplesOf(playback.mp4);
      const [wanted] = await samplesOf(path);
      if (!left || !wanted) throw new Error("no samples");
      const middle = (samples: Float32Array) => samples.subarray(24_000, 72_000);
      expect(levelOf(middle(left))).toBeCloseTo(levelOf(middle(wanted)), 0);
      expect(toneLevel(middle(left), 1000)).toBeCloseTo(levelOf(middle(left)), 1);
      expect(toneLevel(middle(left), 700)).toBeLessThan(-60);
    });

    test("combed frames are told from progressive ones", async () => {
      const woven = await clipOf("woven.mkv", [
        ...waves("320x180", 50, 1),
        ...["-vf", "tinterlace=interleave_top,setfield=tff", "-c:v", "ffv1"],
      ]);
      const whole = await clipOf("whole.mkv", [...waves("320x180", 25, 1), "-c:v", "ffv1"]);
      expect((await combingOf(woven)).combed).toBeGreaterThan(20);
      expect((await combingOf(whole)).combed).toBe(0);
    });
  });
}
