import { expect, test } from "vitest";
import { previewOf, readFile, wordsOf } from "./captions-file.ts";

const cue = (text: string) => ({ start: 1, end: 2, settings: "", text });

test("the preview holds the first cues, and one that tells the encoding where they do not", () => {
  const plain = ["a", "b", "c", "d"].map(cue);
  expect(previewOf(plain)).toEqual(plain.slice(0, 3));
  expect(previewOf([...plain, cue("é"), cue("ü")]).at(-1)).toEqual(cue("é"));
  expect(previewOf([cue("é"), ...plain])).toHaveLength(3);
});

test("words are shown without tags and references", () => {
  expect(wordsOf(cue("<i>Tom &amp; J&gt;</i>\n<v Ann>x</v>"))).toBe("Tom & J>\nx");
});

test("a file without a cue says where and why", () => {
  expect(readFile("hello").fault).toMatch(/^Line 1: .*times.*\.$/);
  expect(readFile("1\n00:00:01,000 --> 00:00:02,000\na")).toMatchObject({ mended: [], fault: undefined });
});

test("a video is not read as captions with a missing time", () => {
  expect(readFile("\0\0\0 ftypisom\0\0\u0002\0").fault).toBe(
    "This is not a captions file. Choose an SRT, WebVTT, ASS or SSA file.",
  );
});
