/** Ranges of seconds that were played: sorted, apart from each other, and few. */

export type Range = readonly [from: number, to: number];

/** Ranges whose ends are nearer than this are one: players report in hundredths of a second. */
const GAP = 0.05;

/** As players report it. The smallest numbers of a double underflow in the database's arithmetic. */
const inHundredths = (seconds: number) => Math.round(seconds * 100) / 100;

/**
 * What the ranges cover together in hundredths of a second, as at most `max` ranges: of more, the first. Ranges that
 * end before they begin are left out.
 */
export function covered(ranges: readonly Range[], max: number): Range[] {
  const sorted = ranges
    .map(([from, to]): Range => [inHundredths(from), inHundredths(to)])
    .filter(([from, to]) => to > from)
    .toSorted((a, b) => a[0] - b[0]);
  const apart: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = apart.at(-1);
    if (last && from <= last[1] + GAP) last[1] = Math.max(last[1], to);
    else apart.push([from, to]);
  }
  return apart.slice(0, max);
}

/** Seconds of all ranges together; what was played twice counts twice. */
export const lengthOf = (ranges: readonly Range[]): number =>
  ranges.reduce((sum, [from, to]) => sum + Math.max(0, to - from), 0);
