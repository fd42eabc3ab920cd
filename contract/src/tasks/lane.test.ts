import { expect, test } from "vitest";
import { laneOf } from "./lane.ts";

const film = { duration: 5_400, chunkSeconds: 30 };
const clip = { duration: 10, chunkSeconds: 4 };

test.each([
  ["a plan", { kind: "plan", index: 0, duration: null, chunkSeconds: null }, "express"],
  ["a film's first chunk", { kind: "encode", index: 0, duration: 5_400, chunkSeconds: 4 }, "express"],
  ["a film's second chunk", { kind: "encode", index: 1, ...film }, "bulk"],
  ["a clip's second chunk", { kind: "encode", index: 1, ...clip }, "short"],
  ["a film's audio", { kind: "audio", index: 0, ...film }, "audio"],
  ["a clip's finish", { kind: "finish", index: 0, ...clip }, "short"],
  ["a day's finish", { kind: "finish", index: 0, duration: 86_400, chunkSeconds: null }, "bulk"],
  ["a film in one piece", { kind: "encode", index: 0, duration: 5_400, chunkSeconds: 5_400 }, "bulk"],
  ["a minute in one piece", { kind: "encode", index: 0, duration: 60, chunkSeconds: 60 }, "short"],
  ["a chunk of unknown length", { kind: "encode", index: 0, duration: null, chunkSeconds: null }, "bulk"],
] as const)("%s", (_, task, lane) => {
  expect(laneOf(task)).toBe(lane);
});
