/** The messages that uploaders read: complete, and naming the right track. */
import { expect, test } from "vitest";
import { MEDIA_FAILURES, reasonOf } from "./failure.ts";

test("every reason is a sentence without a gap, however it is asked for", () => {
  const details = [undefined, { track: "video" as const }, { codec: "wavpack" }];
  for (const code of Object.keys(MEDIA_FAILURES))
    for (const detail of details)
      for (const isRepeated of [false, true])
        expect(reasonOf(code, { detail, isRepeated }), code).toMatch(/^[A-Z][^{}]{20,}\.$/);
});

test("the track is named by kind, number and codec, as far as they are known", () => {
  const named = (detail: object) => reasonOf("source.unsupported_codec", { detail })?.split(" is in ")[0];
  expect(named({ track: "video", codec: "magicyuv" })).toBe("The video (MagicYUV)");
  expect(named({ track: "audio", number: 3, codec: "wavpack" })).toBe("Audio track 3 (WavPack)");
  expect(named({ codec: "wavpack" })).toBe("A track of this file (WavPack)");
  expect(named({ track: "video", codec: "some_codec" })).toBe("The video (some_codec)");
  expect(
    reasonOf("transcoder.crashed", { isRepeated: true, detail: { track: "audio", number: 1, codec: "ac3" } }),
  ).toContain("failed at audio track 1 (Dolby Digital (AC-3)) twice");
  expect(reasonOf("transcoder.crashed", { isRepeated: true })).toContain("failed at this file twice");
});

test("a retried failure promises another try, a repeated one does not", () => {
  expect(reasonOf("transcoder.crashed")).toContain("We try again");
  expect(reasonOf("transcoder.crashed", { isRepeated: true })).not.toContain("We try again");
  expect(reasonOf("source.of_a_later_release")).toBeUndefined();
});
