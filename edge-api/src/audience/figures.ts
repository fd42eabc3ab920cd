/** The figures of an audience from the sums of its days. Pure. */
import { type Audience, DEVICES, MAX_PLACES, RETENTION_STEPS } from "@storagex/contract/audience";
import { type Days, dayOf } from "../quota/range.ts";

/** Of the counters of a video; `day` is a number since 1970. */
export type Played = { day: number; views: number; watchSeconds: number };
/** Views that were added up, see `tally.ts`. A day may have several. */
export type Tally = {
  day: number;
  views: number;
  viewers: number;
  watchedMs: number;
  stallMs: number;
  ended: number;
  counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
};

/** `plays` is null where only the tallies are about what was asked for. */
export function audienceOf(days: Days, plays: readonly Played[] | null, tallies: readonly Tally[]): Audience {
  const played =
    plays ?? tallies.map(({ day, views, watchedMs }) => ({ day, views, watchSeconds: watchedMs / 1000 }));
  const shown = Array.from({ length: Math.max(0, days.last - days.first + 1) }, (_, n) => {
    const on = <T extends { day: number }>(rows: readonly T[]) =>
      rows.filter(({ day }) => day === days.first + n);
    return {
      day: dayOf(days.first + n),
      views: sum(on(played), ({ views }) => views),
      viewers: sum(on(tallies), ({ viewers }) => viewers),
      watchSeconds: hundredths(sum(on(played), ({ watchSeconds }) => watchSeconds)),
    };
  });
  const views = sum(tallies, (each) => each.views);
  const watchedMs = sum(tallies, (each) => each.watchedMs);
  const stallMs = sum(tallies, (each) => each.stallMs);
  const counts = (what: string) => together(tallies.map((each) => each.counts[what] ?? {}));
  const startups = counts("startup");
  const devices = counts("device");
  return {
    views: sum(shown, (each) => each.views),
    viewers: sum(shown, (each) => each.viewers),
    watchSeconds: hundredths(sum(shown, (each) => each.watchSeconds)),
    averageWatchSeconds: views === 0 ? 0 : hundredths(watchedMs / views / 1000),
    completion: ratio(
      sum(tallies, (each) => each.ended),
      views,
    ),
    startupMs: { p50: quantile(startups, 0.5), p95: quantile(startups, 0.95) },
    stallRatio: ratio(stallMs, watchedMs + stallMs),
    days: shown,
    retention: retentionOf(counts("step"), views),
    places: [...counts("place")]
      .map(([origin, number]) => ({ origin, views: number }))
      .toSorted((a, b) => b.views - a.views || (a.origin < b.origin ? -1 : 1))
      .slice(0, MAX_PLACES),
    devices: DEVICES.flatMap((kind) => {
      const number = devices.get(kind) ?? 0;
      return number > 0 ? [{ kind, views: number }] : [];
    }).toSorted((a, b) => b.views - a.views),
  };
}

const sum = <T>(rows: readonly T[], of: (row: T) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);
const hundredths = (value: number) => Math.round(value * 100) / 100;
const ratio = (part: number, whole: number) =>
  whole > 0 ? Math.min(1, Math.round((part / whole) * 10_000) / 10_000) : 0;

function together(all: readonly Readonly<Record<string, number>>[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const counts of all)
    for (const [name, number] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + number);
  return sums;
}

/** The smallest value that at least this part of all do not exceed (nearest rank); null of none. */
export function quantile(counts: ReadonlyMap<string, number>, part: number): number | null {
  const sorted = [...counts]
    .map(([value, number]) => [Number(value), number] as const)
    .toSorted((a, b) => a[0] - b[0]);
  let left = part * sum(sorted, ([, number]) => number);
  for (const [value, number] of sorted) {
    left -= number;
    if (left <= 1e-9) return value;
  }
  return null;
}

/** From how many more (or fewer) views play from each step on. */
export function retentionOf(steps: ReadonlyMap<string, number>, views: number): number[] {
  let playing = 0;
  return Array.from({ length: RETENTION_STEPS }, (_, step) => {
    playing += steps.get(String(step)) ?? 0;
    return ratio(playing, views);
  });
}
