/**
 * Files with false headers become what can be decoded of them; encrypted and unusable ones fail at once, with
 * the true reason.
 */
import { describe, expect, test } from "vitest";
import { framesOf } from "../testing/measure.ts";
import { completed, type Stage, wholePath } from "../testing/whole-path.ts";
import * as clips from "./odd-clips.ts";

/** Max seconds, on a busy machine, until the uploader can read a reason that no retry can change. */
const SOON = 60;

export function oddFileTests(stage: Stage): void {
  describe.concurrent("odd files", () => {
    test.each([
      ["an mdat longer than the file", clips.mdatTooLong, 50, 25],
      ["a segment longer than the file", clips.segmentTooLong, 50, 25],
      ["450 boxes before the movie", clips.manyBoxes, 50, 25],
      ["an edit list that shows the media twice", clips.shownTwice, 100, 25],
      ["durations of all ones", clips.unknownDurations, 50, 25],
      ["junk before a transport stream", clips.junkFirst, 50, 25],
    ])("%s: every frame, and the true duration", async (_, make, frames, rate) => {
      const { video, playback } = await completed(stage, await make());
      expect(Math.abs((await framesOf(playback.mp4)).length - frames)).toBeLessThanOrEqual(1);
      expect(Math.abs((video.duration ?? 0) - frames / rate)).toBeLessThan(0.06);
    });

    test("an edit list that claims more than decodes: as much as FFmpeg yields of it", async () => {
      const path = await clips.editBeforeKeyframe();
      const yielded = await framesOf(path);
      const { video, playback } = await completed(stage, path);
      const made = await framesOf(playback.mp4);
      // On the same clock the source's first frame may come late; it is then shown from zero on.
      expect(Math.abs(made.length - yielded.length)).toBeLessThanOrEqual(3);
      expect(Math.abs((video.duration ?? 0) - made.length / 30)).toBeLessThan(0.06);
    });

    test.each([
      ["1,002 tracks", clips.thousandTracks, "source.too_many_streams", /more tracks than we read/],
      ["a locked WMV", clips.lockedAsf, "source.encrypted", /copy protection/],
      ["a scrambled transport stream", clips.scrambledStream, "source.encrypted", /copy protection/],
      ["no box after the file type", clips.noBox, "source.damaged", /cannot be decoded/],
      ["a codec that is not read", clips.unknownVideo, "source.unsupported_codec", /^The video \(MagicYUV\)/],
    ])("%s: the true reason, at once", async (_, make, code, message) => {
      const { video } = await wholePath(stage, await make(), {}, SOON);
      expect(video.error).toMatchObject({ code, message: expect.stringMatching(message) });
    });
  });
}
