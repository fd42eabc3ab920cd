/** Titles from any file name; ids that reveal nothing. */
import { expect, test } from "vitest";
import { cleanTitle, newVideoId, titleOf } from "./names.ts";

test.each([
  ["holiday.mp4", "holiday"],
  ["C:\\fakepath\\My Film.final.mov", "My Film.final"],
  ["../../etc/passwd", "passwd"],
  ["////", "Untitled"],
  [".mp4", ".mp4"],
  ["\u202Egnp.4pm.mp4", "gnp.4pm"],
  ["a\u0000b\nc.mkv", "ab c"],
  ['🎬 "fête" <script>.webm', '🎬 "fête" <script>'],
  ["\uD800broken.mp4", "\uFFFDbroken"],
  ["Cafe\u0301 \u1112\u1161\u11ab.mp4", "Caf\u00e9 \ud55c"],
])("%j is titled %j", (filename, title) => expect(titleOf(filename)).toBe(title));

test("ten thousand characters become three hundred, never half a character", () => {
  const title = titleOf("🎬".repeat(5000));
  expect([...title]).toHaveLength(300);
  expect(title.isWellFormed()).toBe(true);
});

test("a title of controls alone holds nothing", () => expect(cleanTitle("\u202E\u0000 \t")).toBe(""));

test("ids are 128 random bits", () => {
  const ids = new Set(Array.from({ length: 1000 }, newVideoId));
  expect(ids.size).toBe(1000);
  for (const id of ids) expect(id).toMatch(/^[\w-]{22}$/);
});
