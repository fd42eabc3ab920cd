/** What a plan may say of its source. */
import { expect, test } from "vitest";
import { sourceFactsSchema } from "./task.ts";

const { decoders } = sourceFactsSchema.shape;

test("decoder names of FFmpeg are taken, with hyphens too; a second option's text is not", () => {
  expect(decoders.safeParse(["vp9", "libvpx-vp9", "libaom-av1", "pcm_s16le"]).success).toBe(true);
  for (const name of ["h264,png", "h264 -i x", "", "H264"])
    expect(decoders.safeParse([name]).success).toBe(false);
});
