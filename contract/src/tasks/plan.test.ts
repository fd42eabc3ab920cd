/** What a plan may hold about its source. */
import { expect, test } from "vitest";
import { ALL_DECODERS } from "../formats/codecs.ts";
import { sourceFactsSchema } from "./plan.ts";

const { decoders } = sourceFactsSchema.shape;

test("every decoder of the table of formats is taken, libvpx-vp9 too", () => {
  expect(ALL_DECODERS).toContain("libvpx-vp9");
  expect(decoders.safeParse(ALL_DECODERS).error).toBeUndefined();
});

test("nothing that FFmpeg could read as more than one name is taken", () => {
  for (const name of ["h264,png", "h264 -i x", "", "H264"])
    expect(decoders.safeParse([name]).success).toBe(false);
});
