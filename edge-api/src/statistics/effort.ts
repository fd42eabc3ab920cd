/** Calculates what the tasks of a video cost: by kind, and for encode tasks along the timeline. Pure. */

import type { TaskKind } from "@storagex/contract/tasks/kinds";
import type { Rational } from "@storagex/contract/tasks/plan";
import { MAX_POINTS, STAGES, type Statistics } from "@storagex/contract/videos/statistics";

/** A task that succeeded; times in seconds on one clock. */
export type Work = {
  kind: TaskKind;
  index: number;
  /** Of an encode task: the first frame of its chunk on the grid. */
  firstFrame: number | null;
  cpuSeconds: number | null;
  wallSeconds: number | null;
  startedAt: number | null;
  finishedAt: number | null;
};

/** The sum, or null if a value is unknown: a sum without it would look complete. */
const total = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>((sum, value) => (sum === null || value === null ? null : sum + value), 0);

const speedOf = (seconds: number, took: number | null) =>
  took === null || took <= 0 ? null : seconds / took;

/** The stages in the order in which they began, without those that have no tasks (a silent video's audio). */
export function stagesOf(work: readonly Work[], duration: number): Statistics["stages"] {
  return STAGES.flatMap((stage) => {
    const tasks = work.filter(({ kind }) => kind === stage);
    if (tasks.length === 0) return [];
    const begins = tasks.flatMap(({ startedAt }) => startedAt ?? []);
    const ends = tasks.flatMap(({ finishedAt }) => finishedAt ?? []);
    const isKnown = begins.length > 0 && ends.length > 0;
    const elapsedSeconds = isKnown ? Math.max(0, Math.max(...ends) - Math.min(...begins)) : null;
    return [
      {
        stage,
        tasks: tasks.length,
        cpuSeconds: total(tasks.map(({ cpuSeconds }) => cpuSeconds)),
        wallSeconds: total(tasks.map(({ wallSeconds }) => wallSeconds)),
        elapsedSeconds,
        speed: speedOf(duration, elapsedSeconds),
      },
    ];
  });
}

/**
 * The encode tasks of `work`, which is ordered by index, as spans of the timeline. Neighbours are merged if
 * there are more than a chart can show.
 */
export function spansOf(work: readonly Work[], rate: Rational, duration: number): Statistics["spans"] {
  const startOf = ({ firstFrame }: Work) => ((firstFrame ?? 0) * rate.den) / rate.num;
  const chunks = work.filter(({ kind }) => kind === "encode");
  const together = Math.ceil(chunks.length / MAX_POINTS);
  const spans: Statistics["spans"] = [];
  for (let first = 0; first < chunks.length; first += together) {
    const group = chunks.slice(first, first + together);
    const [begin] = group;
    const next = chunks[first + together];
    const from = begin ? startOf(begin) : 0;
    const to = next ? startOf(next) : Math.max(from, duration);
    const wallSeconds = total(group.map((task) => task.wallSeconds));
    spans.push({
      from,
      to,
      cpuSeconds: total(group.map((task) => task.cpuSeconds)),
      wallSeconds,
      speed: speedOf(to - from, wallSeconds),
    });
  }
  return spans;
}
