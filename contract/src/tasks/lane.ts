/** Lanes through the broker: what a person waits for must not queue behind a long video's tasks. */
import { type Lane, TASK_KINDS, type TaskKind } from "./kinds.ts";

const shortOrBulk = (duration: number | null, short: number): "short" | "bulk" =>
  duration !== null && duration <= short ? "short" : "bulk";

/** The lane of the tasks after the first chunk; `duration` in seconds, null where unknown. */
export const restLane = (duration: number | null) => shortOrBulk(duration, TASK_KINDS.encode.lane.short);

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
  const { lane } = TASK_KINDS[kind];
  if (typeof lane === "string") return lane;
  return index === 0 && chunkSeconds !== null && chunkSeconds <= lane.firstChunk
    ? "express"
    : shortOrBulk(duration, lane.short);
}
