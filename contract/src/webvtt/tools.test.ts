/** Captions as tools write them: what each becomes, and which repairs are reported. */
import { describe, expect, test } from "vitest";
import { WebVTTParser } from "webvtt-parser";
import { type Parsed, parseCaptions, parsing } from "./parse.ts";
import { writeVtt } from "./write.ts";

/** Cues as `start-end text`, and repairs as `code×count@line`. */
function read(content: string): { cues: string[]; mended: string[] } {
  const { cues, mended } = parseCaptions(content);
  expect(new WebVTTParser().parse(writeVtt(cues), "subtitles").errors).toEqual([]);
  return {
    cues: cues.map(
      ({ start, end, settings, text }) =>
        `${start}-${end}${settings && ` ${settings}`} ${text.replaceAll("\n", "|")}`,
    ),
    mended: mended.map(({ code, count, line }) => `${code}×${count}@${line}`),
  };
}

const srt = (...cues: string[]) => cues.map((cue, n) => `${n + 1}\n${cue}\n`).join("\n");

describe("times", () => {
  test.each([
    [
      "FFmpeg's WebVTT hour of one digit",
      "WEBVTT\n\n0:00:01.000 --> 0:00:02.500\na\n",
      "1-2.5 a",
      "time_form×1@3",
    ],
    [
      "Teams: thousandths without their zeros",
      "WEBVTT\n\n0:0:0.0 --> 0:0:3.90\na\n\n0:0:3.90 --> 0:0:5.120\nb\n",
      "0-3.09 a",
      "time_form×2@3",
    ],
    [
      "fractions of two digits alone are decimals",
      srt("00:00:01,50 --> 00:00:02,75\na"),
      "1.5-2.75 a",
      "time_form×1@2",
    ],
    ["one digit", srt("0:0:1.5 --> 0:0:2.0\na"), "1.5-2 a", "time_form×1@2"],
    ["no fraction", srt("00:00:01 --> 00:00:02\na"), "1-2 a", "time_form×1@2"],
    ["no hours", srt("00:01,000 --> 00:02,000\na"), "1-2 a", "time_form×1@2"],
    ["minutes that count on", srt("75:01,000 --> 75:02,000\na"), "4501-4502 a", "time_form×1@2"],
    ["WebVTT's comma", "WEBVTT\n\n00:00:01,000 --> 00:00:02,000\na\n", "1-2 a", "time_form×1@3"],
    ["SRT's point is usual", srt("00:00:01.000 --> 00:00:02,000\na"), "1-2 a", undefined],
    ["a short arrow", srt("00:00:01,000 -> 00:00:02,000\na"), "1-2 a", "time_form×1@2"],
    ["no spaces around the arrow", srt("00:00:01,000-->00:00:02,000\na"), "1-2 a", undefined],
    ["millionths", srt("00:00:01,123456 --> 00:00:02,000\na"), "1.123-2 a", "time_form×1@2"],
    [
      "a start before zero",
      srt("-00:00:01,000 --> 00:00:02,000\na"),
      "0-2 a",
      "time_form×1@2 negative_time×1@2",
    ],
  ])("%s", (_name, content, cue, mended) => {
    const seen = read(content);
    expect(seen.cues[0]).toBe(cue);
    expect(seen.mended.join(" ")).toBe(mended ?? "");
  });
});

describe("cues", () => {
  const GOOD = "00:00:05,000 --> 00:00:06,000\ngood";
  test.each([
    [
      "without a length last until the next",
      srt("00:00:04,000 --> 00:00:04,000\na", GOOD),
      ["4-5 a", "5-6 good"],
      ["no_duration×1@2"],
    ],
    [
      "without a length last three seconds",
      srt("00:00:02,000 --> 00:00:01,000\na"),
      ["2-5 a"],
      ["no_duration×1@2"],
    ],
    [
      "out of order are sorted",
      srt("00:00:08,000 --> 00:00:09,000\nb", GOOD),
      ["5-6 good", "8-9 b"],
      ["order×1@6"],
    ],
    [
      "keep their text behind a blank line",
      srt("00:00:01,000 --> 00:00:02,000\na\n\nb", GOOD),
      ["1-2 a|b", "5-6 good"],
      ["blank_line×1@4"],
    ],
    [
      "without a blank line between them",
      "1\n00:00:01,000 --> 00:00:02,000\na\n2\n00:00:05,000 --> 00:00:06,000\ngood",
      ["1-2 a", "5-6 good"],
      ["missing_blank_line×1@4"],
    ],
    ["whose number is the last line", `${srt(GOOD)}\n2\n`, ["5-6 good"], ["no_cue×1@5"]],
    [
      "whose times cannot be read are left out",
      srt("00:99:01,000 --> 00:00:02,000\na", GOOD),
      ["5-6 good"],
      ["left_out×3@1"],
    ],
    ["with numbers for text", srt("00:00:01,000 --> 00:00:02,000\n42", GOOD), ["1-2 42", "5-6 good"], []],
    ["with an arrow in the text", srt("00:00:01,000 --> 00:00:02,000\na --> b"), ["1-2 a --&gt; b"], []],
    [
      "with colours and pages' tags",
      srt('00:00:01,000 --> 00:00:02,000\n<font color="red">a</font><br>'),
      ["1-2 a"],
      ["markup×1@2"],
    ],
    ["at the upper edge", srt("00:00:01,000 --> 00:00:02,000\n{\\an8}a"), ["1-2 line:0 a"], []],
    ["with NULs", "1\0\n00:00:01,000 --> 00:00:02,000\na\0b", ["1-2 ab"], ["control_characters×2@1"]],
    [
      "read in the wrong encoding",
      srt("00:00:01,000 --> 00:00:02,000\nCaf\ufffd"),
      ["1-2 Caf\ufffd"],
      ["undecoded×1@3"],
    ],
    ["under CR line ends", srt(GOOD).replaceAll("\n", "\r"), ["5-6 good"], []],
  ])("%s", (_name, content, cues, mended) => {
    expect(read(content)).toEqual({ cues, mended });
  });
});

test("YouTube: a line of one space, times within the cue, classes", () => {
  const vtt =
    "WEBVTT\nKind: captions\nLanguage: en\n\n00:00:00.080 --> 00:00:02.000 align:start position:0%\n \n" +
    "hello<00:00:00.500><c> big</c><00:00:01.000><c> world</c>\n\n" +
    "00:00:02.000 --> 00:00:02.010 align:start position:0%\nhello big world\n \n\n" +
    "00:00:02.010 --> 00:00:04.000 align:start position:0%\nhello big world\nagain\n\n";
  expect(read(vtt)).toEqual({
    cues: [
      "0.08-2 align:start position:0% hello<c> big</c><c> world</c>",
      "2-2.01 align:start position:0% hello big world",
      "2.01-4 align:start position:0% hello big world|again",
    ],
    mended: [],
  });
});

test("Teams: names of cues, who speaks", () => {
  const vtt =
    "WEBVTT\n\n5c1f3f1e-2b4e-4f/12-0\n00:00:04.416 --> 00:00:08.016\n<v Ann Ö.>Good morning,\neverybody.</v>\n\n" +
    "5c1f3f1e-2b4e-4f/17-0\n00:00:08.016 --> 00:00:09.000\n<v Bob>Hi.</v>\n";
  expect(read(vtt).cues).toEqual([
    "4.416-8.016 <v Ann Ö.>Good morning,|everybody.</v>",
    "8.016-9 <v Bob>Hi.</v>",
  ]);
});

describe("scripts", () => {
  const script = (version: string, format: string, ...events: string[]) =>
    `[Script Info]\nScriptType: ${version}\n\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: Default,Arial\n\n[Events]\nFormat: ${format}\n${events.join("\n")}\n`;
  const ASS = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text";

  test("ASS: text with its commas, overrides gone, faces and the upper edge kept, in order", () => {
    const content = script(
      "v4.00+",
      ASS,
      "Dialogue: 0,0:00:05.00,0:00:06.50,Default,,0,0,0,,{\\i1}Well,{\\i0} yes\\Nno\\hmore",
      "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\an8\\pos(10,20)\\bord2\\fad(1,2)}Top",
      "Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,not shown",
      "Dialogue: 1,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\blur3}Twice",
      "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,Twice",
      "Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{\\p1}m 0 0 l 9 9{\\p0}",
    );
    expect(read(content)).toEqual({
      cues: ["1-2 line:0 Top", "1-2 Twice", "5-6.5 <i>Well,</i> yes|no\u00a0more"],
      mended: ["markup×3@11", "drawing×1@15"],
    });
  });

  test("SSA: its own fields", () => {
    const content = script(
      "v4.00",
      "Marked, Start, End, Style, Name, Text",
      "Dialogue: Marked=0,0:00:01.00,0:00:02.00,Default,,{\\a6}a, b",
    );
    expect(read(content)).toEqual({ cues: ["1-2 line:0 a, b"], mended: [] });
  });

  test("wrong times are left out and said", () => {
    const content = script(
      "v4.00+",
      ASS,
      "Dialogue: 0,x,y,Default,,0,0,0,,a",
      "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,b",
    );
    expect(read(content)).toEqual({ cues: ["1-2 b"], mended: ["left_out×1@10"] });
  });
});

/** A seeded generator of numbers from 0 to 1. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    const mixed = Math.imul(state ^ (state >>> 12), 0x297a2d39);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

const PIECES = [
  ..."<>&/\\{}\n\r\0 \t-:.,;0123\"'",
  "-->",
  "<b>",
  "</b>",
  "<script>",
  "<ruby>",
  "<rt>",
  "</rt>",
  "</ruby>",
  "<lang en>",
  "<u>",
  "<i>",
  "<v ",
  "<c.x>",
  "<00:01.000>",
  "&lt;",
  "&#60;",
  "WEBVTT\n\n",
  "NOTE ",
  "STYLE\n",
  "\n\n",
  "1\n",
  "00:00:01,000 --> 00:00:02,000\n",
  "0:0:9.5 -> 1:1\n",
  "Dialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,",
  "[Events]\n",
  "[Script Info]\n",
  "{\\i1}",
  "{\\p1}",
  "javascript:",
  "onerror=",
  "\ufeff",
  "\ud800",
  "word",
  "ä字",
];

test("whatever comes in, what goes out is valid WebVTT of few tags, in order and within time", () => {
  const next = seeded(20);
  let taken = 0;
  for (let round = 0; round < 1500; round += 1) {
    let content = next() < 0.3 ? "WEBVTT\n\n" : next() < 0.3 ? "[Script Info]\n[Events]\n" : "";
    if (next() < 0.6) content += "1:1 --> 1:2\n";
    for (let length = 3 + next() * 40; length > 0; length -= 1)
      content += PIECES[Math.floor(next() * PIECES.length)];
    let parsed: Parsed;
    try {
      parsed = parseCaptions(content);
    } catch {
      continue;
    }
    taken += 1;
    const vtt = writeVtt(parsed.cues);
    expect(new WebVTTParser().parse(vtt, "subtitles").errors, JSON.stringify(content)).toEqual([]);
    let last = 0;
    for (const { start, end, text } of parsed.cues) {
      expect(start).toBeGreaterThanOrEqual(last);
      expect(end).toBeGreaterThan(start);
      last = start;
      const foreign = text.replaceAll(/<\/?(?:[biu]|c|v|lang|ruby|rt)(?:\.[\w-]+)*(?: [^<>"]*)?>/g, "");
      expect(foreign, JSON.stringify(content)).not.toMatch(/[<>\0]|&(?!amp;|gt;)|-->/);
    }
  }
  expect(taken).toBeGreaterThan(300);
});

test("a long file is read in steps of a few milliseconds", () => {
  const long = srt(...Array.from({ length: 8_000 }, () => "00:00:01,000 --> 00:00:02,000\n<i>a</i>"));
  for (const content of [
    long,
    "a\n".repeat(20_000),
    `[Script Info]\n${"Dialogue: 0,0:0:1.0,0:0:2.0,,,,,,,a\n".repeat(8_000)}`,
  ]) {
    let steps = 0;
    try {
      for (const _ of parsing(content)) steps += 1;
    } catch {
      // Refused at its end.
    }
    expect(steps).toBeGreaterThan(10);
  }
});
