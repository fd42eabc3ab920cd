/** Lanes through the broker: what a person waits for must not queue behind a long video's tasks. */
import type { TaskKind } from "./kinds.ts";

/**
 * `express`: plan and first chunk, until the first frame can be shown, and posters that a person waits for. `audio`: tracks, which span the whole
 * file. `short`: the rest of short videos. `bulk`: the rest of long ones, and every message of a release
 * without lanes.
 */
export const LANES = ["express", "audio", "short", "bulk"] as const;
export type Lane = (typeof LANES)[number];

/** Max seconds of a video whose remaining tasks go before those of a longer one. */
export const SHORT_SECONDS = 60;
/**
 * Max seconds of a first chunk in `express`; a longer one (a source that cannot be seeked) would block the
 * lane.
 */
const FIRST_CHUNK_SECONDS = 16;
/** Max seconds of a video whose `finish` costs no more than the remaining tasks of a short one. */
const SHORT_FINISH_SECONDS = 1_800;

/** The lane of the tasks after the first chunk; `duration` in seconds, null where unknown. */
export const restLane = (duration: number | null): "short" | "bulk" =>
  duration !== null && duration <= SHORT_SECONDS ? "short" : "bulk";

/**
 * The lane of a task. `chunkSeconds` is the length of an encode task's chunk, `duration` the video's; null
 * where unknown.
 */
export function laneOf(task: {
  kind: TaskKind;
  index: number;
  chunkSeconds: number | null;
  duration: number | null;
}): Lane {
  const { kind, index, chunkSeconds, duration } = task;
  switch (kind) {
    case "plan":
    case "poster":
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
