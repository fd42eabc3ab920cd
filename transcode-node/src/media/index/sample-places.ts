/** Where the samples of an MP4 or MOV track lie in the file, and when they are decoded. */
import type { Box } from "../output/boxes.ts";
import { findBox } from "./find-box.ts";
import { table } from "./sample-table.ts";

/** More samples are not kept one by one: nine hours at 60 frames a second. */
const MAX_PLACED = 2_000_000;

/** In decoding order. */
export type SamplePlaces = {
  /** First byte in the file. */
  offsets: Float64Array;
  /** Bytes. */
  sizes: Uint32Array | Float64Array;
  /** When a sample is decoded, in seconds from the track's own zero; rising. */
  times: Float64Array;
  /** Samples where decoding may begin; null where it may begin at each. */
  keys: Uint32Array | null;
};

/**
 * Reads the places of a track's `samples` samples from its sample table; null where there are too many or the
 * table does not place all of them. `timescale`: ticks a second.
 */
export function placesOf(
  bytes: Buffer,
  { stbl, samples, timescale }: { stbl: Box; samples: number; timescale: number },
): SamplePlaces | null {
  if (samples > MAX_PLACED) return null;
  const part = (type: string) => findBox(bytes, type, stbl.body, stbl.end);
  const sizes = sizesOf(bytes, part("stsz"), samples);
  const times = timesOf(bytes, part("stts"), samples, timescale);
  const offsets = offsetsOf(bytes, { wide: part("co64"), narrow: part("stco"), runs: part("stsc") }, sizes);
  const stss = part("stss");
  const entries = table(bytes, stss, 4);
  const keys = stss
    ? Uint32Array.from({ length: entries.count }, (_, n) => bytes.readUInt32BE(entries.at(n)) - 1)
    : null;
  return sizes && times && offsets ? { offsets, sizes, times, keys } : null;
}

function sizesOf(bytes: Buffer, stsz: Box | undefined, samples: number): Uint32Array | null {
  if (!stsz) return null;
  const fixed = bytes.readUInt32BE(stsz.body + 4);
  const sizes = new Uint32Array(samples);
  if (fixed > 0) return sizes.fill(fixed);
  for (let n = 0; n < samples; n++) sizes[n] = bytes.readUInt32BE(stsz.body + 12 + 4 * n);
  return sizes;
}

function timesOf(
  bytes: Buffer,
  stts: Box | undefined,
  samples: number,
  timescale: number,
): Float64Array | null {
  const runs = table(bytes, stts, 8);
  const times = new Float64Array(samples);
  let sample = 0;
  let ticks = 0;
  for (let n = 0; n < runs.count && sample < samples; n++) {
    const count = Math.min(bytes.readUInt32BE(runs.at(n)), samples - sample);
    const length = bytes.readUInt32BE(runs.at(n) + 4);
    for (const end = sample + count; sample < end; sample++, ticks += length)
      times[sample] = ticks / timescale;
  }
  return sample === samples ? times : null;
}

type Chunks = { wide: Box | undefined; narrow: Box | undefined; runs: Box | undefined };

/** Samples lie one after the other within a chunk of the table (`stsc`, `stco`). */
function offsetsOf(
  bytes: Buffer,
  { wide, narrow, runs: stsc }: Chunks,
  sizes: Uint32Array | null,
): Float64Array | null {
  if (!sizes) return null;
  const chunks = table(bytes, wide ?? narrow, wide ? 8 : 4);
  const runs = table(bytes, stsc, 12);
  const offsets = new Float64Array(sizes.length);
  let sample = 0;
  let run = 0;
  for (let chunk = 0; chunk < chunks.count && sample < sizes.length; chunk++) {
    while (run + 1 < runs.count && bytes.readUInt32BE(runs.at(run + 1)) <= chunk + 1) run++;
    const perChunk = runs.count > 0 ? bytes.readUInt32BE(runs.at(run) + 4) : 1;
    const at = chunks.at(chunk);
    let offset = wide ? Number(bytes.readBigUInt64BE(at)) : bytes.readUInt32BE(at);
    for (const end = Math.min(sample + perChunk, sizes.length); sample < end; sample++) {
      offsets[sample] = offset;
      offset += sizes[sample] ?? 0;
    }
  }
  return sample === sizes.length ? offsets : null;
}
