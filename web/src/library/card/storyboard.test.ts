import { expect, test } from "vitest";
import { tilesOf } from "./storyboard.ts";

test("each cue is a tile of its sheet", () => {
  const vtt =
    "WEBVTT\n\n00:00.000 --> 00:02.000\nhttps://s3.test/a.jpg?x=1#xywh=0,90,160,90\n\n01:00:02.500 --> 01:00:04.000\n/b.jpg#xywh=160,0,160,90\n";
  expect(tilesOf(vtt)).toEqual([
    { from: 0, url: "https://s3.test/a.jpg?x=1", x: 0, y: 90, width: 160, height: 90 },
    { from: 3_602.5, url: "/b.jpg", x: 160, y: 0, width: 160, height: 90 },
  ]);
});
