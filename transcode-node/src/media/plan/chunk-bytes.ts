/**
 * Which bytes of the source the encode task of each chunk reads: an upload's task can begin when these have
 * arrived.
 */
import type { ByteRange, Chunk, Plan } from "@storagex/contract/tasks/plan";
import type { SourcePlaces } from "../index/facts.ts";
import { secondsAt } from "./grid.ts";

/**
 * Seconds by which a seek may land before its target: a keyframe may be shown up to a reordering later than
 * it is decoded, and FFmpeg then takes the one before.
 */
const BEFORE_SECONDS = 1;
/**
 * Seconds after a chunk's last frame: decoders return a frame only after the following ones, by their
 * reordering and by their number of threads, and filters look ahead.
 */
const AFTER_SECONDS = 2;
/** FFmpeg reads through shorter gaps instead of seeking. */
const GAP_BYTES = 2 ** 20;
/** More ranges than this are joined to one: the file is not laid out in the order of time. */
const MAX_RANGES = 32;

/**
 * The bytes of each chunk, in the order of `chunks`: every range rising and apart from the next. The times of
 * `places` are on the timeline.
 */
export function chunkBytes(
  places: SourcePlaces,
  { grid, chunks }: { grid: Plan["grid"]; chunks: readonly Chunk[] },
): ByteRange[][] {
  const { samples, opening, size } = places;
  return chunks.map(({ firstFrame, frames }) => {
    const begin = secondsAt(firstFrame, grid.rate) - grid.preRoll - BEFORE_SECONDS;
    const end = frames === null ? Number.POSITIVE_INFINITY : secondsAt(firstFrame + frames, grid.rate);
    const from = firstFrame === 0 ? 0 : (keyframeBefore(places, begin)?.sample ?? 0);
    const to = lastWhere(samples.times.length, (n) => timeOf(places, n) <= end + AFTER_SECONDS);
    return joined([...opening, ...spansOf(samples, from, to)], size);
  });
}

const timeOf = ({ samples, shift }: SourcePlaces, sample: number) => (samples.times[sample] ?? 0) + shift;

/** The last sample that can be decoded by itself and comes at `seconds` or before; undefined where none does. */
export function keyframeBefore(
  places: SourcePlaces,
  seconds: number,
): { sample: number; seconds: number } | undefined {
  const { keys, times } = places.samples;
  const sampleOf = (n: number) => (keys ? (keys[n] ?? 0) : n);
  const n = lastWhere(keys?.length ?? times.length, (key) => timeOf(places, sampleOf(key)) <= seconds);
  return n < 0 ? undefined : { sample: sampleOf(n), seconds: timeOf(places, sampleOf(n)) };
}

/** The last of `count` rising entries for which `holds`; -1 where there is none. */
function lastWhere(count: number, holds: (n: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The bytes of samples `from` to `to` (inclusive), short gaps included. */
function spansOf({ offsets, sizes }: SourcePlaces["samples"], from: number, to: number): ByteRange[] {
  const spans: ByteRange[] = [];
  let last: ByteRange | undefined;
  for (let n = from; n <= to; n++) {
    const begin = offsets[n] ?? 0;
    const end = begin + (sizes[n] ?? 0) - 1;
    if (last && begin >= last.from && begin <= last.to + GAP_BYTES) last.to = Math.max(last.to, end);
    else {
      last = { from: begin, to: end };
      spans.push(last);
    }
  }
  return spans;
}

/** Sorted, without overlaps and short gaps, within the file. */
function joined(ranges: readonly ByteRange[], size: number): ByteRange[] {
  const rising = ranges.filter(({ from, to }) => from <= to).sort((a, b) => a.from - b.from);
  const apart: ByteRange[] = [];
  for (const { from, to } of rising) {
    const last = apart.at(-1);
    const end = Math.min(to, size - 1);
    if (last && from <= last.to + GAP_BYTES) last.to = Math.max(last.to, end);
    else apart.push({ from, to: end });
  }
  const [first, final] = [apart[0], apart.at(-1)];
  return first && final && apart.length > MAX_RANGES ? [{ from: first.from, to: final.to }] : apart;
}
