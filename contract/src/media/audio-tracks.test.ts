import { describe, expect, test } from "vitest";
import { uniqueNames } from "../text/unique-names.ts";
import { defaultTrack, trackNames } from "./audio-tracks.ts";
import { languageName, languageTag } from "./language.ts";

const track = (language: string | null, label: string | null = null) => ({ language, label });

describe("audio tracks", () => {
  test("the file's default is meant, else the first", () => {
    expect(defaultTrack([{ default: false }, { default: true }, { default: true }])).toBe(1);
    expect(defaultTrack([{ default: false }, { default: false }])).toBe(0);
    expect(defaultTrack([])).toBe(0);
  });

  test("are called by label, by language, by place", () => {
    expect(trackNames([track("ja"), track("en", "Commentary"), track(null), track("qaa")])).toEqual([
      "Japanese",
      "Commentary",
      "Track 3",
      "qaa",
    ]);
    expect(trackNames([track(null)])).toEqual(["Audio"]);
  });
});

describe("language tags", () => {
  test.each([
    ["ger", "de", "German"],
    ["deu", "de", "German"],
    ["jpn", "ja", "Japanese"],
    ["fre", "fr", "French"],
    ["cze", "cs", "Czech"],
    ["pt-br", "pt-BR", "Brazilian Portuguese"],
    ["mul", "mul", "Multiple languages"],
  ])("%s is %s, %s", (text, tag, name) => {
    expect(languageTag(text)).toBe(tag);
    expect(languageName(tag)).toBe(name);
  });

  test.each(["und", "mis", "", "e", "en_US", "not a tag"])("%j says no language", (text) => {
    expect(languageTag(text)).toBeUndefined();
  });
});

test.each([
  [
    ["A", "A 3", "A"],
    ["A", "A 3", "A 2"],
  ],
  [
    ["A", "A", "A 2", "A"],
    ["A", "A 3", "A 2", "A 4"],
  ],
  [
    ["Track 1", "Track 2"],
    ["Track 1", "Track 2"],
  ],
  [
    ["A 2", "A", "A", "A 2"],
    ["A 2", "A", "A 3", "A 2 2"],
  ],
  [[], []],
])("%j become %j", (names, unique) => {
  expect(uniqueNames(names)).toEqual(unique);
});
