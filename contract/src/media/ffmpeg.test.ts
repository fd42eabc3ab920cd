import { expect, test } from "vitest";
import { isOldRelease } from "./ffmpeg.ts";

test("releases before 5.1 are too old; builds from git are judged by what they have", () => {
  expect(["4.4.2-0ubuntu0.22.04.1", "5.0.1", "n4.3", "3.2"].every(isOldRelease)).toBe(true);
  expect(
    ["5.1.9-0+deb12u1", "6.0", "7.1.5", "n7.1", "10.0", "N-47683-g0e8eb07", "2024-01-01-git"].some(
      isOldRelease,
    ),
  ).toBe(false);
});
