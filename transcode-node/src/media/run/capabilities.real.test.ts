/** The start-up check on the installed FFmpeg, and on programs that are not FFmpeg. */
import { expect, test } from "vitest";
import { checkCapabilities } from "./capabilities.ts";

test("the installed FFmpeg has what the recipes use", async () => {
  const found = await checkCapabilities({ ffmpeg: "ffmpeg", ffprobe: "ffprobe" });
  expect(found.version).toMatch(/\d/);
});

test("a missing FFmpeg is said in words that help", async () => {
  const asked = checkCapabilities({ ffmpeg: "/nowhere/ffmpeg", ffprobe: "ffprobe" });
  await expect(asked).rejects.toThrow(/\/nowhere\/ffmpeg does not run.*apt install ffmpeg/);
});
