/**
 * What makes a plot readable without colour: weights and dashes, names that do not overlap, steps wide enough
 * to see. Pure.
 */

export type Line = {
  name: string;
  /** One per step. */
  values: readonly number[];
  /** Pixels. */
  width: number;
  /** Pixels drawn and skipped, in turn; empty for a solid line. */
  dash: readonly number[];
  isFilled?: boolean;
};
export type Dress = Pick<Line, "width" | "dash">;

const DRESSES: readonly Dress[] = [
  { width: 4, dash: [] },
  { width: 3, dash: [12, 4] },
  { width: 3, dash: [3, 3] },
  { width: 2, dash: [] },
  { width: 2, dash: [10, 3, 2, 3] },
  { width: 2, dash: [6, 3] },
  { width: 1, dash: [] },
  { width: 1, dash: [4, 2] },
];

/** The style of the nth line, the heaviest first. */
export const dressOf = (n: number): Dress => DRESSES[n % DRESSES.length] ?? { width: 2, dash: [] };

/**
 * Positions near the wanted ones, at least `apart` from each other and, where there is room, within the
 * bounds.
 */
export function spread(wanted: readonly number[], apart: number, min: number, max: number): number[] {
  const order = wanted.map((_, n) => n).toSorted((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const placed = [...wanted];
  let free = min;
  for (const n of order) {
    placed[n] = Math.max(free, wanted[n] ?? 0);
    free = (placed[n] ?? 0) + apart;
  }
  let roof = max;
  for (const n of order.toReversed()) {
    placed[n] = Math.min(roof, placed[n] ?? 0);
    roof = (placed[n] ?? 0) - apart;
  }
  return placed;
}

export type Steps = {
  /** Start of each step and the end of the last one, in seconds: one more than each line's values. */
  times: readonly number[];
  /** For each line, one value per step. */
  values: readonly (readonly number[])[];
};

/** At most `max` steps: neighbours are merged into their time-weighted mean. */
export function coarser({ times, values }: Steps, max: number): Steps {
  const count = times.length - 1;
  const together = Math.ceil(count / Math.max(1, max));
  if (together <= 1) return { times, values };
  const firsts = Array.from({ length: Math.ceil(count / together) }, (_, n) => n * together);
  const lasting = (n: number) => (times[n + 1] ?? 0) - (times[n] ?? 0);
  const meanFrom = (line: readonly number[], first: number) => {
    let sum = 0;
    let seconds = 0;
    for (let n = first; n < Math.min(first + together, line.length); n += 1) {
      sum += (line[n] ?? 0) * lasting(n);
      seconds += lasting(n);
    }
    return seconds > 0 ? sum / seconds : 0;
  };
  return {
    times: [...firsts.map((first) => times[first] ?? 0), times[count] ?? 0],
    values: values.map((line) =>
      firsts.filter((first) => first < line.length).map((first) => meanFrom(line, first)),
    ),
  };
}
