/** The start-up check on the FFmpeg at hand, and on programs that are none. */
import { expect, test } from "vitest";
import { checkCapabilities, isOldRelease } from "./capabilities.ts";

test("the installed FFmpeg has what the recipes use", async () => {
  const found = await checkCapabilities({ ffmpeg: "ffmpeg", ffprobe: "ffprobe" });
  expect(found.version).toMatch(/\d/);
});

test("a missing FFmpeg is said in words that help", async () => {
  const asked = checkCapabilities({ ffmpeg: "/nowhere/ffmpeg", ffprobe: "ffprobe" });
  await expect(asked).rejects.toThrow(/\/nowhere\/ffmpeg does not run.*apt install ffmpeg/);
});

test("releases before 5.1 are too old; builds from git are judged by what they have", () => {
  expect(["4.4.2-0ubuntu0.22.04.1", "5.0.1", "n4.3", "3.2"].every(isOldRelease)).toBe(true);
  expect(
    ["5.1.9-0+deb12u1", "6.0", "7.1.5", "n7.1", "10.0", "N-47683-g0e8eb07", "2024-01-01-git"].some(
      isOldRelease,
    ),
  ).toBe(false);
});
