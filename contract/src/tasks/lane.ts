/** Lanes through the broker: what a person waits for must not stand behind a film's bulk. */
import type { TaskKind } from "./task.ts";

/**
 * `express`: plan and first chunk, until a first frame shows. `audio`: tracks, which run through the whole file. `short`: the
 * rest of short videos. `bulk`: the rest of long ones, and every message of a release that knew no lanes.
 */
export const LANES = ["express", "audio", "short", "bulk"] as const;
export type Lane = (typeof LANES)[number];

/** Seconds of a video up to which its rest goes before a longer one's. */
export const SHORT_SECONDS = 60;
/** Seconds of a first chunk up to which it is express; one that is longer (a source that cannot be sought) would block it. */
export const FIRST_CHUNK_SECONDS = 16;
/** Seconds of a video up to which its `finish` costs no more than the rest of a short one. */
export const SHORT_FINISH_SECONDS = 1_800;

/** The lane of what is left after the first chunk; `duration` in seconds, null where it is not known. */
export const restLane = (duration: number | null): "short" | "bulk" =>
  duration !== null && duration <= SHORT_SECONDS ? "short" : "bulk";

/** The lane of a task. `chunkSeconds` is an encode task's span, `duration` the video's; null where it is not known. */
export function laneOf(task: {
  kind: TaskKind;
  index: number;
  chunkSeconds: number | null;
  duration: number | null;
}): Lane {
  const { kind, index, chunkSeconds, duration } = task;
  switch (kind) {
    case "plan":
      return "express";
    case "audio":
      return "audio";
    case "encode":
      return index === 0 && chunkSeconds !== null && chunkSeconds <= FIRST_CHUNK_SECONDS
        ? "express"
        : restLane(duration);
    case "finish":
      return duration !== null && duration <= SHORT_FINISH_SECONDS ? "short" : "bulk";
  }
}
