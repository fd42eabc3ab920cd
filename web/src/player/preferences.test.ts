import { expect, test } from "vitest";
import { preferredQuality, preferredTrack, readPreferences } from "./preferences.ts";

const DEFAULTS = { captions: null, size: "normal", style: "black", quality: null, speed: 1 };

test.each([null, "", "no", "[]", "3"])("%j means the defaults", (text) => {
  expect(readPreferences(text)).toEqual(DEFAULTS);
});

test("one bad field does not lose the others", () => {
  const text = JSON.stringify({ size: "large", style: "pink", speed: 99, quality: "best", captions: "de" });
  expect(readPreferences(text)).toEqual({ ...DEFAULTS, size: "large", captions: "de" });
});

test("the preferred language is shown, else the first track, or none", () => {
  const tracks = [{ language: "en" }, { language: null }, { language: "de" }];
  expect(preferredTrack(tracks, "de")).toBe(tracks[2]);
  expect(preferredTrack(tracks, "fr")).toBe(tracks[0]);
  expect(preferredTrack(tracks, null)).toBe(tracks[0]);
  expect(preferredTrack(tracks, "off")).toBeUndefined();
  expect(preferredTrack([], "de")).toBeUndefined();
});

test("the best quality within the preferred one is played, on its side too; else the smallest", () => {
  const qualities = [1080, 360, 720].map((height) => ({ height, width: height * 2 }));
  const portrait = { width: 480, height: 854 };
  expect(preferredQuality([...qualities, portrait], 480)).toBe(portrait);
  expect(preferredQuality(qualities, 720)).toBe(qualities[2]);
  expect(preferredQuality(qualities, 2160)).toBe(qualities[0]);
  expect(preferredQuality(qualities, 240)).toBe(qualities[1]);
  expect(preferredQuality(qualities, null)).toBeUndefined();
  expect(preferredQuality([], 720)).toBeUndefined();
});
