/**
 * The few timestamps of a video most of whose packets have none, and the line through them: a program or
 * transport stream may have one for each PES packet only, which holds many small frames.
 */
import type { Rational } from "@storagex/contract/tasks/plan";
import { usualRatesNear } from "../plan/frame-rate.ts";
import { perSecond } from "../plan/grid.ts";

/** The `packet`-th packet of the stream, from 0, is decoded at `seconds`. */
export type TimePoint = { packet: number; seconds: number };

const MAX_POINTS = 4096;

/** Keeps up to `MAX_POINTS` of the points, evenly spread, and the last one. */
export class PointFold {
  #points: TimePoint[] = [];
  #every = 1;
  #seen = 0;
  #last: TimePoint | null = null;

  add(point: TimePoint): void {
    this.#last = point;
    if (this.#seen++ % this.#every !== 0) return;
    this.#points.push(point);
    if (this.#points.length < MAX_POINTS) return;
    this.#points = this.#points.filter((_, n) => n % 2 === 0);
    this.#every *= 2;
  }

  points(): TimePoint[] {
    const isIn = this.#last === null || this.#points.at(-1) === this.#last;
    return isIn ? this.#points : [...this.#points, ...(this.#last ? [this.#last] : [])];
  }
}

/**
 * Max seconds between a timestamp and the line: muxers give a PES packet's time to one of the frames in it,
 * not always to the first. A longer hole is none of a constant rate.
 */
const MAX_OFF = 0.25;

/** The time of packet n is `start` + n / `rate` (seconds). */
export type Line = { start: number; rate: Rational };

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Seconds at packet 0 for a line of `rate`: the first packet's own time where that is not off itself. */
function startFor(points: readonly TimePoint[], rate: number): number {
  const middle = median(points.map(({ packet, seconds }) => seconds - packet / rate));
  const [first] = points;
  const isFirst = first?.packet === 0 && Math.abs(first.seconds - middle) <= MAX_OFF;
  return isFirst ? first.seconds : middle;
}

const worstOff = (points: readonly TimePoint[], start: number, rate: number): number =>
  points.reduce(
    (worst, { packet, seconds }) => Math.max(worst, Math.abs(seconds - start - packet / rate)),
    0,
  );

/** Packets a second: between points half of the list apart, so that the error of a single one counts little. */
function slopeOf(points: readonly TimePoint[]): number {
  const half = Math.ceil(points.length / 2);
  const slopes = points.slice(half).flatMap((late, n) => {
    const early = points[n];
    return early && late.seconds > early.seconds
      ? [(late.packet - early.packet) / (late.seconds - early.seconds)]
      : [];
  });
  return median(slopes);
}

/** A rate that is not `declared` must be this much closer (seconds) than the best usual one to be taken. */
const CLEARLY = 0.02;

/**
 * The constant rate that all points agree with, and where it starts: a `declared` one where it fits, else a
 * usual one, else the measured one. Null where there are too few points, or none fits them: there is a hole,
 * or the rate varies.
 */
export function lineThrough(points: readonly TimePoint[], declared: readonly Rational[]): Line | null {
  const slope = points.length < 2 ? 0 : slopeOf(points);
  if (slope < 1 || slope > 1000) return null;
  const offOf = (rate: Rational) => worstOff(points, startFor(points, perSecond(rate)), perSecond(rate));
  const fitting = (rates: readonly Rational[], limit: number) =>
    rates
      .map((rate) => ({ rate, off: offOf(rate) }))
      .filter(({ off }) => off <= limit)
      .sort((a, b) => a.off - b.off)[0];
  const measured = { num: Math.round(slope * 1000), den: 1000 };
  const best =
    fitting(declared, MAX_OFF) ??
    fitting(usualRatesNear(measured), Math.min(MAX_OFF, offOf(measured) + CLEARLY)) ??
    fitting([measured], MAX_OFF);
  return best ? { rate: best.rate, start: startFor(points, perSecond(best.rate)) } : null;
}
