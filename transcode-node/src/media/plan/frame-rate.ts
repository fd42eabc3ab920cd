/**
 * The rate of a source and of its grid: the container's declared rates where they agree, else the intervals
 * between its frames.
 */
import type { Rational } from "@storagex/contract/tasks/plan";
import { perSecond } from "./grid.ts";

const STANDARD: readonly Rational[] = [
  { num: 24000, den: 1001 },
  { num: 24, den: 1 },
  { num: 25, den: 1 },
  { num: 30000, den: 1001 },
  { num: 30, den: 1 },
  { num: 50, den: 1 },
  { num: 60000, den: 1001 },
  { num: 60, den: 1 },
];
const SNAP = 0.001;
const MAX_RATE = 60;
/** Max slots per frame for a variable-rate source that keeps its clock. */
const MAX_STRETCH = 2;

/** Intervals between frames: `count` intervals of `seconds`. */
export type Interval = { seconds: number; count: number };

/** Frames a second at most of the intervals; `steady` where most of the intervals are even. */
export type UsualRate = { rate: number; steady: boolean };

/** Min intervals for a conclusion: fewer could mean any rate. */
const MIN_INTERVALS = 4;
/** Relative to the median: a longer interval is a frame that was held or one that is missing. */
const HELD_FRAME_RATIO = 1.75;
/** Share of a mean interval by which a recorder's clock may be off at a single frame. */
const JITTER = 0.3;

/** From all intervals of a source or of a span of it, in any order; null where there are too few. */
export function usualRate(intervals: readonly Interval[]): UsualRate | null {
  const rising = intervals.filter(({ seconds }) => seconds > 0).sort((a, b) => a.seconds - b.seconds);
  const total = rising.reduce((sum, { count }) => sum + count, 0);
  if (total < MIN_INTERVALS) return null;
  let passed = 0;
  const median = rising.find(({ count }) => {
    passed += count;
    return 2 * passed >= total;
  });
  const usual = rising.filter(({ seconds }) => seconds <= HELD_FRAME_RATIO * (median?.seconds ?? 0));
  const frames = usual.reduce((sum, { count }) => sum + count, 0);
  const mean = usual.reduce((sum, { seconds, count }) => sum + seconds * count, 0) / frames;
  const even = usual.filter(({ seconds }) => Math.abs(seconds / mean - 1) <= JITTER);
  return { rate: 1 / mean, steady: 2 * even.reduce((sum, { count }) => sum + count, 0) > total };
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
const reduced = ({ num, den }: Rational): Rational => {
  const by = gcd(num, den);
  return { num: num / by, den: den / by };
};

/**
 * Max numerator that a track's timescale and FFmpeg's arithmetic handle well; an odd rate changes by less
 * than 0.0005 frames a second.
 */
const MAX_NUMERATOR = 100_000;
const handy = (rate: Rational): Rational => {
  const { num, den } = reduced(rate);
  return num <= MAX_NUMERATOR ? { num, den } : reduced({ num: Math.round((1000 * num) / den), den: 1000 });
};

const halved = (rate: Rational): Rational => {
  let { num, den } = rate;
  while (num / den > MAX_RATE * (1 + SNAP)) den *= 2;
  return handy({ num, den });
};

const off = (a: Rational, b: Rational) => Math.abs(perSecond(a) / perSecond(b) - 1);
const nearest = (rate: Rational, among: readonly Rational[]) =>
  among.reduce((a, b) => (off(b, rate) < off(a, rate) ? b : a));

/** The nearest standard rate, within 0.1 % (24 and 23.976 are closer than that to each other). */
function standardNear(rate: Rational): Rational | undefined {
  const standard = nearest(rate, STANDARD);
  return off(standard, rate) < SNAP ? standard : undefined;
}

/** Max relative error of a measured rate: timestamps in whole milliseconds, a recorder's clock. */
const MEASURED = 0.015;
/** A rate over 1001 is assumed only where the measured one is this close to it. */
const MEASURED_NTSC = 0.0003;
const WHOLE: readonly Rational[] = Array.from({ length: MAX_RATE }, (_, n) => ({ num: n + 1, den: 1 }));

/** Standard and whole rates that a measured one may stand for. */
export const usualRatesNear = (measured: Rational): Rational[] =>
  [...STANDARD, ...WHOLE].filter((rate) => off(rate, measured) < MEASURED);

/**
 * The rate that a measured one stands for: the container's clock, a standard rate, a whole number, else
 * itself.
 */
function meant(measured: Rational, clock: Rational | undefined): Rational {
  if (clock && off(clock, measured) < MEASURED) return clock;
  const exact = standardNear(measured);
  if (exact && (exact.den === 1 || off(exact, measured) < MEASURED_NTSC)) return exact;
  const whole = nearest(measured, WHOLE);
  return off(whole, measured) < MEASURED ? whole : handy(measured);
}

const asRational = (rate: number): Rational => handy({ num: Math.round(rate * 100_000), den: 100_000 });

export type DeclaredRates = { real: Rational | null; average: Rational | null };

/** Whether the container's two rates agree, so that the distance between all frames is that rate's. */
export const isConstant = ({ real, average }: DeclaredRates): boolean =>
  real !== null && average !== null && off(real, average) < SNAP && perSecond(average) >= 1;

/**
 * The grid's rate. A constant rate between 1 and 60 stays as it is (snapped to a standard rate only within
 * 0.1 %); above 60 it is halved. For a variable one: the rate of most intervals (`usual`), where they are
 * even; else the container's clock, where that is a standard rate and most of its ticks have a frame; else
 * the nearest standard rate that is not below the usual one, or the average. `own` is the source's rate in
 * frames a second, independent of the grid.
 */
export function gridRate({ real, average, usual = null }: DeclaredRates & { usual?: UsualRate | null }): {
  rate: Rational;
  variable: boolean;
  own: number | null;
} {
  if (real && isConstant({ real, average })) {
    const rate = halved(real);
    return { rate: standardNear(rate) ?? rate, variable: false, own: perSecond(real) };
  }
  const measured = usual && asRational(usual.rate);
  const known = measured ?? average ?? real;
  if (!known) return { rate: { num: 30, den: 1 }, variable: true, own: null };
  const clock = real && perSecond(real) <= MAX_RATE * (1 + SNAP) ? standardNear(real) : undefined;
  if (measured && usual.steady && perSecond(measured) >= 1) {
    const rate = meant(measured, clock);
    return { rate: halved(rate), variable: true, own: perSecond(rate) };
  }
  const own = perSecond(known);
  // Frames on a standard clock with gaps between them (30 with pauses) keep their clock: no judder.
  const slots = measured ?? average;
  if (clock && slots && perSecond(clock) <= MAX_STRETCH * perSecond(slots))
    return { rate: clock, variable: true, own };
  const wanted = halved(known);
  const above = STANDARD.find((standard) => perSecond(standard) >= perSecond(wanted));
  return { rate: standardNear(wanted) ?? above ?? { num: 60, den: 1 }, variable: true, own };
}
