/**
 * Sources over a minute that cannot be sought: copied into a container with an index where one supports their
 * tracks, else decoded from their start for every chunk.
 */
import { describe, expect, test } from "vitest";
import { decodedOf, levelOf, syncIn } from "../testing/measure.ts";
import { clipOf, flashAndBeep, H264 } from "../testing/media-clips.ts";
import { completed, type Stage } from "../testing/whole-path.ts";

const SECONDS = 66;
const RATE = 10;
const FLASHES = [1, 33, 64];
const FRAGMENTED = ["-movflags", "+frag_keyframe+empty_moov+default_base_moof"];
const VP9 = ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "100k", "-g", "30"];
const MPEG2 = ["-c:v", "mpeg2video", "-q:v", "8", "-r", "25", "-bf", "2"];

const CASES: [string, string[]][] = [
  ["opus.mp4", [...H264, "-c:a", "libopus", ...FRAGMENTED]],
  ["flac.mp4", [...H264, "-c:a", "flac", "-strict", "-2", ...FRAGMENTED]],
  ["vp9.mp4", [...VP9, "-c:a", "aac", ...FRAGMENTED]],
  ["av1.mp4", ["-c:v", "libsvtav1", "-preset", "12", "-crf", "50", "-g", "30", "-c:a", "aac", ...FRAGMENTED]],
  ["nellymoser.flv", ["-c:v", "flv1", "-q:v", "8", "-c:a", "nellymoser", "-ar", "22050", "-ac", "1"]],
  ["speex.flv", ["-c:v", "flv1", "-q:v", "8", "-c:a", "libspeex", "-ar", "16000", "-ac", "1"]],
  ["wma.wmv", ["-c:v", "wmv2", "-q:v", "8", "-c:a", "wmav2"]],
  ["mp2.vob", [...MPEG2, "-c:a", "mp2"]],
  // Neither Matroska nor MOV supports a DVD's PCM.
  ["pcm.vob", [...MPEG2, "-c:a", "pcm_dvd", "-ac", "2"]],
];

/**
 * One that needs another container than the source's, and one that no container with an index supports; the
 * long form has all.
 */
const SHORT = ["opus.mp4", "pcm.vob"];
const isLong = process.env.STORAGEX_TEST_LONG === "1";

export function remuxTests(stage: Stage): void {
  describe.concurrent("remux", () => {
    test.each(CASES.filter(([name]) => isLong || SHORT.includes(name)))(
      "over a minute: %s",
      async (name, encode) => {
        const path = await clipOf(`minute-${name}`, [...flashAndBeep(FLASHES, SECONDS, RATE), ...encode]);
        const { playback, video } = await completed(stage, path);
        expect(Math.abs((video.duration ?? 0) - SECONDS)).toBeLessThan(0.3);
        const [before, after] = [await decodedOf(path), await decodedOf(playback.mp4)];
        const seconds = after.frames.length / (video.source?.frameRate ?? 0);
        expect(Math.abs(seconds - SECONDS)).toBeLessThan(0.3);
        const [was, is] = [syncIn(before), syncIn(after)];
        expect(is.flashes).toHaveLength(FLASHES.length);
        expect(is.beeps).toHaveLength(FLASHES.length);
        for (const n of FLASHES.keys()) {
          const offset = ({ flashes, beeps }: typeof is) => (beeps[n] ?? 0) - (flashes[n] ?? 0);
          expect(Math.abs(offset(is) - offset(was))).toBeLessThan(0.025);
        }
        expect(Math.abs(levelOf(after.samples) - levelOf(before.samples))).toBeLessThan(1);
      },
    );
  });
}
