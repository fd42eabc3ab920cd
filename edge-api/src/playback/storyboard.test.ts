/** The storyboard: every time has a tile, and every tile its position. */
import { expect, test } from "vitest";
import { storyboardVtt } from "./storyboard.ts";

const sheet = (key: string) => ({ key, size: 1, etag: "e" });
const board = { columns: 2, rows: 2, tileWidth: 160, tileHeight: 90, interval: 5, tiles: 6 };

test("tiles run over sheets row by row, the last one to the end", () => {
  const text = storyboardVtt(
    { ...board, sheets: [sheet("a"), sheet("b")] },
    ["https://s/a?x=1", "https://s/b?x=1"],
    3603.5,
  );
  const cues = text.split("\n\n").slice(1);
  expect(text.startsWith("WEBVTT\n\n")).toBe(true);
  expect(cues[0]).toBe("00:00:00.000 --> 00:00:05.000\nhttps://s/a?x=1#xywh=0,0,160,90");
  expect(cues[3]).toBe("00:00:15.000 --> 00:00:20.000\nhttps://s/a?x=1#xywh=160,90,160,90");
  expect(cues[5]).toBe("00:00:25.000 --> 01:00:03.500\nhttps://s/b?x=1#xywh=160,0,160,90\n");
});

test("tiles without a sheet are left out", () => {
  expect(storyboardVtt({ ...board, sheets: [sheet("a")] }, ["https://s/a"], 30).match(/-->/g)).toHaveLength(
    4,
  );
});
