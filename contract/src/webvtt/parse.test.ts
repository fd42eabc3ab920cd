/**
 * The reader of clean SRT and WebVTT files, what it refuses and at which line, and that the written output is
 * valid WebVTT.
 */
import { describe, expect, test } from "vitest";
import { WebVTTParser } from "webvtt-parser";
import { CaptionsError, parseCaptions } from "./parse.ts";
import { writeVtt } from "./write.ts";

const convert = (content: string) => writeVtt(parseCaptions(content).cues);
/** The W3C's validator finds no error. */
const isValid = (vtt: string) => {
  expect(new WebVTTParser().parse(vtt, "subtitles").errors).toEqual([]);
};
const cue = (text: string) => `WEBVTT\n\n00:01.000 --> 00:02.000\n${text}\n`;
const textOf = (text: string) => {
  const vtt = convert(cue(text));
  isValid(vtt);
  return vtt.split("\n").slice(3).join("\n").trimEnd();
};

function refused(content: string): { line: number; message: string } {
  try {
    parseCaptions(content);
  } catch (error) {
    if (error instanceof CaptionsError) return { line: error.line, message: error.message };
    throw error;
  }
  throw new Error("it was taken");
}

describe("SRT", () => {
  test("becomes WebVTT: byte order mark, CRLF, numbers, commas, colours and co-ordinates go; the upper edge stays", () => {
    const srt =
      '\ufeff1\r\n00:00:01,000 --> 00:00:02,500 X1:1 X2:2\r\n{\\an8}<font color="#fff">Hello</font>\r\n<i>world</i>\r\n\r\n\r\n' +
      "2\r\n01:02:03,004 --> 01:02:04,000\r\nTom & Jerry <3\r\n";
    const vtt = convert(srt);
    expect(vtt).toBe(
      "WEBVTT\n\n00:00:01.000 --> 00:00:02.500 line:0\nHello\n<i>world</i>\n\n" +
        "01:02:03.004 --> 01:02:04.000\nTom &amp; Jerry ‹3\n",
    );
    isValid(vtt);
  });

  test("a cue without a number, and one without text, are fine", () => {
    expect(parseCaptions("00:00:01,000 --> 00:00:02,000\na\n\n2\n00:00:03,000 --> 00:00:04,000\n\n")).toEqual(
      {
        cues: [{ start: 1, end: 2, settings: "", text: "a" }],
        mended: [],
      },
    );
  });
});

describe("WebVTT", () => {
  test("keeps what places a cue; comments, styles, regions, names of cues and metadata go", () => {
    const vtt = convert(
      "WEBVTT - a title\nKind: captions\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\nSTYLE\n::cue { color: red }\n\n" +
        "REGION\nid:fred\nwidth:40%\n\nNOTE\na comment\nof two lines\n\nintro\n00:01.000 --> 00:02.000 line:0 region:fred align:start bad:1\n" +
        "One\n\nNOTE one line\n\n00:02.000 --> 01:00:03.000\nTwo\n",
    );
    expect(vtt).toBe(
      "WEBVTT\n\n00:00:01.000 --> 00:00:02.000 line:0 align:start\nOne\n\n00:00:02.000 --> 01:00:03.000\nTwo\n",
    );
    isValid(vtt);
  });

  test("cues may overlap, and begin together", () => {
    const two = "WEBVTT\n\n00:01.000 --> 00:05.000\na\n\n00:01.000 --> 00:03.000\nb\n";
    expect(parseCaptions(two).cues).toHaveLength(2);
  });
});

describe("where no cue can be read, the line that says why is named", () => {
  test.each([
    ["nothing", "   \n\n", 1, "no cue"],
    ["a film", "\0\0\0\x20ftypisom", 1, "times"],
    ["a web page", "<html>\n<body>\nhi\n</body>", 1, "times"],
    ["only text", "WEBVTT\n\nHello\nworld\n", 3, "times"],
    ["minutes over 59", "1\n00:60:00,000 --> 00:61:00,000\na\n", 2, "00:60:00,000"],
    ["seconds over 59", "WEBVTT\n\n00:00:60.000 --> 00:00:61.000\na\n", 3, "00:00:60.000"],
    ["no end", "1\n00:00:01,000 -->\na\n", 2, "no times"],
    ["cues before zero", "1\n-00:00:02,000 --> -00:00:01,000\na\n", 1, "no cue"],
    ["cues without text", "1\n00:00:02,000 --> 00:00:03,000\n\n", 1, "no cue"],
    [
      "a script without dialogue",
      "[Script Info]\nTitle: a\n\n[Events]\nComment: 0,0:00:01.00,0:00:02.00,a\n",
      1,
      "dialogue",
    ],
    ["a script without times", "[Script Info]\n\n[Events]\nDialogue: 0,x,y,Default,,0,0,0,,a\n", 4, "times"],
  ])("%s", (_name, content, line, word) => {
    const found = refused(content);
    expect(found.line).toBe(line);
    expect(found.message).toContain(word);
  });
});

describe("cue text is harmless", () => {
  test.each([
    ["<b>bold</b> <i>it</i> <u>un</u>", "<b>bold</b> <i>it</i> <u>un</u>"],
    ["<v.loud Mary Ann>Hi</v>", "<v.loud Mary Ann>Hi</v>"],
    ["<v Mary>Hi", "<v Mary>Hi</v>"],
    ["<c.yellow.bg_blue>x</c>", "<c.yellow.bg_blue>x</c>"],
    ["<lang en-GB>x</lang>", "<lang en-GB>x</lang>"],
    ["<ruby>漢<rt>kan</rt></ruby>", "<ruby>漢<rt>kan</rt></ruby>"],
    ["<script>alert(1)</script>", "alert(1)"],
    ['<img src=x onerror="alert(1)">x', "x"],
    ["<img/src=x/onerror=alert(1)>x", "x"],
    ["<b onclick=alert(1)>x</b>", "<b>x</b>"],
    ["<svg><b>x</svg>", "<b>x</b>"],
    ["<scr<b>ipt>x", "‹scr<b>ipt&gt;x</b>"],
    ["<<b>script>x", "‹<b>script&gt;x</b>"],
    ["<!DOCTYPE a><?php b ?>x", "x"],
    ["a <00:01.500>b", "a b"],
    ["<b><i>x</b>y</i>", "<b><i>x</i></b>y"],
    ["</b>x", "x"],
    ["1 < 2 > 0 & 3", "1 ‹ 2 &gt; 0 &amp; 3"],
    ["&lt;b&gt; &amp;amp; &nbsp;&copy; &#39;&#x27;", "‹b&gt; &amp;amp; \u00a0&amp;copy; ''"],
    ["&#60;script&#62;", "‹script&gt;"],
    ['<v A"onmouseover="x>y</v>', "<v A”onmouseover=”x>y</v>"],
    ["<v A&quot;b>y</v>", "<v A”b>y</v>"],
    ["<v A-->x</v> <c.b-->y</c> <lang en-->z</lang>", "<v A>x</v> <c.b>y</c> <lang en>z</lang>"],
    ['<c.a"b>x</c>', '‹c.a"b&gt;x'],
    ["a&#0;b&#xD800;c", "abc"],
  ])("%s", (given, expected) => {
    expect(textOf(given)).toBe(expected);
  });

  test("a cue of nothing but tags is no cue", () => {
    expect(refused(cue("<script></script>")).message).toContain("no cue");
  });
});

test.each([
  ["unclosed comments", "<!".repeat(440_000)],
  ["unclosed tags", "<b ".repeat(290_000)],
  ["ends without a start", "<b>".repeat(100_000) + "</i>".repeat(140_000)],
  ["spaces before an arrow", `a${" ".repeat(800_000)}b -->`],
  ["references", "&#".repeat(440_000)],
  ["lines", "a\n".repeat(440_000)],
  ["blank lines", `${"\n".repeat(800_000)}a`],
  ["numbers", "1\n\n".repeat(290_000)],
  ["a number and spaces", `${"1".repeat(400_000)}${" ".repeat(400_000)}x`],
  ["cues without text", "1:1-->1:1\n".repeat(80_000)],
  ["cues at one time", "1:1-->1:1\na\n".repeat(65_000)],
  ["codes", "{\\".repeat(440_000)],
])("a hostile text of 900,000 characters costs no time: %s", (_name, text) => {
  const began = process.threadCpuUsage().user;
  try {
    parseCaptions(`1\n00:00:01,000 --> 00:00:02,000\n${text}\n`);
  } catch (error) {
    expect(error).toBeInstanceOf(CaptionsError);
  }
  expect((process.threadCpuUsage().user - began) / 1000).toBeLessThan(3000);
});
