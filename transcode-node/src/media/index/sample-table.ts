/** Every frame of an MP4 or MOV track from its sample table: what must be known before packets are copied. */
import { type Box, boxes } from "../output/boxes.ts";
import { findBox } from "./find-box.ts";

/** Entries of a table that are looked at: a day at 60 frames a second has five million. */
export const MAX_ENTRIES = 8_000_000;

/**
 * Table with a 32-bit count after its flags; `at` gives the byte offset of entry n. Throws an Error where it has too many.
 */
export const table = (bytes: Buffer, box: Box | undefined, entry: number) => {
  const room = box ? Math.floor((box.end - box.body - 8) / entry) : 0;
  const count = box ? Math.min(bytes.readUInt32BE(box.body + 4), Math.max(0, room)) : 0;
  if (count > MAX_ENTRIES) throw new Error(`a table of ${count} entries`);
  return {
    count,
    at: (n: number) => (box?.body ?? 0) + 8 + n * entry,
  };
};

/** In decoding order, all of the same duration; each slot of the timeline has exactly one frame. */
export type Frames = {
  /** Duration of a frame in ticks, and ticks a second. */
  ticks: number;
  timescale: number;
  /** Bytes. */
  sizes: Uint32Array;
  /** When a frame is shown, counted in frames from the first one shown. */
  slots: Int32Array;
  /** 1 where decoding may begin. */
  keys: Uint8Array;
};

type Track = { trak: Box; stbl: Box; samples: number; timescale: number; movieTimescale: number };

/**
 * Reads the whole table; returns a reason (string) where frames are not contiguous from the timeline's zero
 * on.
 */
export function framesOf(bytes: Buffer, track: Track): Frames | string {
  const { trak, stbl, samples, timescale } = track;
  const part = (type: string) => findBox(bytes, type, stbl.body, stbl.end);
  if (!isOneAvc(bytes, part("stsd"))) return "its frames are not of one description";
  const ticks = oneLength(bytes, part("stts"), samples);
  if (ticks === null) return "its frames are not all of one length";
  const shown = shownAt(bytes, part("ctts"), samples, ticks);
  const first = shown.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const slots = slotsOf(shown, first, ticks);
  if (!slots) return "its timeline has holes";
  const seconds = (samples * ticks) / timescale;
  const edits = findBox(bytes, "edts/elst", trak.body, trak.end);
  if (
    edits &&
    !isWhole(bytes, edits, { first, min: (seconds - ticks / timescale / 2) * track.movieTimescale })
  )
    return "an edit list cuts it";
  const sizes = sizesOf(bytes, part("stsz"), samples);
  return { ticks, timescale, sizes, slots, keys: keysOf(bytes, part("stss"), samples) };
}

/** The first sample shown is among this many: no decoder reorders more frames. */
const REORDERED = 64;

/**
 * Whether the track has an edit list other than a delay or the one that every encoder with B-frames writes:
 * then the samples' timeline is not the presentation's.
 */
export function isEdited(bytes: Buffer, { trak, stbl, samples, timescale, movieTimescale }: Track): boolean {
  const elst = findBox(bytes, "edts/elst", trak.body, trak.end);
  if (!elst) return false;
  const part = (type: string) => findBox(bytes, type, stbl.body, stbl.end);
  const stts = table(bytes, part("stts"), 8);
  const ticks = stts.count > 0 ? bytes.readUInt32BE(stts.at(0) + 4) : 0;
  const shown = shownAt(bytes, part("ctts"), Math.min(samples, REORDERED), ticks);
  const first = shown.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  let total = 0;
  for (let n = 0; n < stts.count; n++)
    total += bytes.readUInt32BE(stts.at(n)) * bytes.readUInt32BE(stts.at(n) + 4);
  const min = ((total - ticks / 2) / timescale) * movieTimescale;
  return !isWhole(bytes, elst, { first, min }, { delays: true });
}

/** True for a single sample entry that contains its parameter sets. */
function isOneAvc(bytes: Buffer, stsd: Box | undefined): boolean {
  if (!stsd || bytes.readUInt32BE(stsd.body + 4) !== 1) return false;
  const entry = boxes(bytes, stsd.body + 8, stsd.end).next();
  return !entry.done && entry.value.type === "avc1";
}

/** The common duration of all samples in ticks, or null. */
function oneLength(bytes: Buffer, stts: Box | undefined, samples: number): number | null {
  const runs = table(bytes, stts, 8);
  let counted = 0;
  let ticks: number | null = null;
  for (let n = 0; n < runs.count; n++) {
    const length = bytes.readUInt32BE(runs.at(n) + 4);
    if (length === 0 || (ticks !== null && length !== ticks)) return null;
    ticks = length;
    counted += bytes.readUInt32BE(runs.at(n));
  }
  return counted === samples ? ticks : null;
}

/** When each sample is shown, in ticks of the track. */
function shownAt(bytes: Buffer, ctts: Box | undefined, samples: number, ticks: number): Float64Array {
  const runs = table(bytes, ctts, 8);
  const shown = new Float64Array(samples);
  for (let n = 0; n < samples; n++) shown[n] = n * ticks;
  let sample = 0;
  for (let n = 0; n < runs.count; n++) {
    const count = Math.min(bytes.readUInt32BE(runs.at(n)), samples - sample);
    // Version 0 is unsigned; writers put negative offsets there all the same.
    const offset = bytes.readInt32BE(runs.at(n) + 4);
    for (const end = sample + count; sample < end; sample++) shown[sample] = sample * ticks + offset;
  }
  return shown;
}

/** Times as slots of the timeline, or null where a slot is empty, taken twice or missed. */
function slotsOf(shown: Float64Array, first: number, ticks: number): Int32Array | null {
  const slots = new Int32Array(shown.length);
  const taken = new Uint8Array(shown.length);
  for (const [n, time] of shown.entries()) {
    const slot = (time - first) / ticks;
    // A slot beyond the end or between two slots is no index of `taken`.
    if (taken[slot] !== 0) return null;
    taken[slot] = 1;
    slots[n] = slot;
  }
  return slots;
}

/**
 * True for the one edit that every encoder with B-frames writes: from the first frame shown to the end.
 * `min` is the min duration of the edit, in ticks of the movie.
 */
function isWhole(
  bytes: Buffer,
  elst: Box,
  { first, min }: { first: number; min: number },
  { delays }: { delays: boolean } = { delays: false },
): boolean {
  const wide = bytes[elst.body] === 1;
  const edits = table(bytes, elst, wide ? 20 : 12);
  const fromOf = (n: number) =>
    wide ? Number(bytes.readBigInt64BE(edits.at(n) + 8)) : bytes.readInt32BE(edits.at(n) + 4);
  let only = 0;
  // An empty edit shows the track later.
  while (delays && only < edits.count && fromOf(only) === -1) only++;
  if (edits.count !== only + 1) return false;
  const at = edits.at(only);
  const length = wide ? Number(bytes.readBigUInt64BE(at)) : bytes.readUInt32BE(at);
  const from = fromOf(only);
  const speed = bytes.readUInt32BE(at + (wide ? 16 : 8));
  return from === first && speed === 0x1_0000 && length >= min;
}

function sizesOf(bytes: Buffer, stsz: Box | undefined, samples: number): Uint32Array {
  const sizes = new Uint32Array(samples);
  const body = stsz?.body ?? 0;
  const fixed = bytes.readUInt32BE(body + 4);
  for (let n = 0; n < samples; n++) sizes[n] = fixed || bytes.readUInt32BE(body + 12 + 4 * n);
  return sizes;
}

/** Without `stss` every sample is a keyframe. */
function keysOf(bytes: Buffer, stss: Box | undefined, samples: number): Uint8Array {
  if (!stss) return new Uint8Array(samples).fill(1);
  const keys = new Uint8Array(samples);
  const entries = table(bytes, stss, 4);
  for (let n = 0; n < entries.count; n++) keys[bytes.readUInt32BE(entries.at(n)) - 1] = 1;
  return keys;
}
