import { expect, test } from "vitest";
import { preferredTrack, readPreferences } from "./preferences.ts";

const DEFAULTS = { captions: null, size: "normal", style: "black", speed: 1 };

test.each([null, "", "no", "[]", "3"])("%j means the defaults", (text) => {
  expect(readPreferences(text)).toEqual(DEFAULTS);
});

test("one bad field does not lose the others", () => {
  const text = JSON.stringify({ size: "large", style: "pink", speed: 99, captions: "de" });
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
