/**
 * The sample table of an MP4 or MOV file: whether every sample exists, where the keyframes are, and when the
 * video ends.
 */

import { setImmediate } from "node:timers/promises";
import type { ByteRange } from "@storagex/contract/tasks/plan";
import { MediaFailure } from "../failure.ts";
import type { Box } from "../output/boxes.ts";
import type { Interval } from "../plan/frame-rate.ts";
import { MAX_STREAMS } from "../run/limits.ts";
import { lockedEntry } from "../source/locked/mov.ts";
import { type ProbedStream, videoStream } from "../source/probe.ts";
import { gapOf, MAX_INTERVALS, type ReadBytes, type SourceIndex, type SourceProbe } from "./facts.ts";
import { fewBoxes, findBox } from "./find-box.ts";
import { type TopBoxes, topBoxes } from "./mov-boxes.ts";
import { placesOf, type SamplePlaces } from "./sample-places.ts";
import { type Frames, framesOf, isEdited, MAX_ENTRIES, table } from "./sample-table.ts";

/** Bytes: a day at 60 frames a second needs a third of it. */
const MAX_MOOV = 256 * 2 ** 20;
/**
 * Frames of a track: a day at 60 a second needs five million. Audio samples are far more numerous and are
 * never counted one by one.
 */
const MAX_FRAMES = MAX_ENTRIES;

const truncated = (why: string) => new MediaFailure("source.truncated", why);

export type MovTable = {
  fragmented: boolean;
  tracks: Track[];
  /** What FFmpeg reads before the first sample: the headers of boxes up to the movie's, and that. */
  headers: ByteRange[];
  /** Bytes of the file. */
  size: number;
};

/**
 * Reads the index of a MOV/MP4 source; null where its movie box is behind more boxes than the walk reads.
 * Throws `source.truncated` where the index or samples are missing, `source.damaged` where no box follows,
 * `source.encrypted`, `source.not_video` (a photo) and `source.too_many_streams`; an Error where boxes or tables have
 * more entries than are looked at.
 */
export async function movTable(read: ReadBytes, size: number): Promise<MovTable | null> {
  const top = await topBoxes(read, size);
  if (!top.movie) return withoutMovie(top, size);
  const { start, header, size: length } = top.movie;
  if (length > MAX_MOOV) throw new MediaFailure("source.damaged", `moov of ${length} bytes`);
  if (start + length > size) throw truncated(`moov at ${start} of ${length} bytes in a file of ${size}`);
  const bytes = await read(start + header, start + length - 1);
  const fragmented = findBox(bytes, "mvex") !== undefined;
  // Nothing says how many fragments there should be, but the last one must be complete.
  if (fragmented && top.ended === "over")
    throw truncated(`${top.types.at(-1)} at ${top.at} runs over the end`);
  const tracks = await tracksOf(bytes);
  const end = Math.max(0, ...tracks.map((track) => track.lastByte));
  // A header may declare any size: what matters is that every sample exists.
  if (!fragmented && end > size) throw truncated(`samples end at ${end} in a file of ${size}`);
  const headers = [
    { from: 0, to: HEAD_BYTES },
    ...top.before.map((at) => ({ from: at, to: at + HEAD_BYTES })),
    { from: start, to: start + length - 1 },
  ];
  return { fragmented, tracks, headers, size };
}

/** Bytes that FFmpeg reads at once at the head of a box, with margin. */
const HEAD_BYTES = 64 * 1024;
/** FFmpeg reads frames of up to 5 MB until it knows every stream; a frame may lie across that end. */
const PROBED_BYTES = 6_000_000;

/** What FFmpeg reads to open the file: the headers, and the first samples of each track. */
function openingOf({ headers, tracks }: MovTable, video: Track): ByteRange[] {
  const firsts = tracks.flatMap((track) =>
    track.samples > 0
      ? [{ from: track.firstByte, to: track.firstByte + (track === video ? PROBED_BYTES : HEAD_BYTES) }]
      : [],
  );
  return [...headers, ...firsts];
}

function withoutMovie({ types, ended, at }: TopBoxes, size: number): null {
  if (ended === "many") return null;
  // A photo (HEIC, AVIF) is an ISO file of items without a movie box.
  if (types.includes("meta")) throw new MediaFailure("source.not_video", "no movie, only items");
  const among = `no moov among ${types.join(" ")}, ${ended} at ${at} of ${size}`;
  throw ended === "odd" ? new MediaFailure("source.damaged", among) : truncated(among);
}

async function tracksOf(bytes: Buffer): Promise<Track[]> {
  // A compressed movie header (cmov) holds no trak: FFmpeg reads it.
  const tracks: Track[] = [];
  const movie = findBox(bytes, "mvhd");
  const timescale = movie ? timescaleOf(bytes, movie) : 0;
  for (const box of fewBoxes(bytes)) {
    if (box.type !== "trak") continue;
    // FFmpeg would stop at a thousand, and report a damaged file.
    if (tracks.length === MAX_STREAMS)
      throw new MediaFailure("source.too_many_streams", `more than ${MAX_STREAMS} tracks`);
    const locked = lockedEntry(bytes, box.body, box.end);
    if (locked) throw new MediaFailure("source.encrypted", `a track of ${locked}`);
    tracks.push(readTrack(bytes, box, timescale));
    // Each may have millions of samples, and a worker that reports nothing loses its leases.
    await setImmediate();
  }
  return tracks;
}

/** What the table says about the video; a fragmented file's fragments are not read. */
export function movFacts(
  table: MovTable,
  { probed, start }: Pick<SourceProbe, "probed" | "start">,
): SourceIndex {
  const stream = videoStream(probed);
  const track = table.tracks[stream?.index ?? -1];
  if (table.fragmented || !stream || !track || track.samples === 0) {
    return { duration: null, ends: new Map(), keyframeGap: null, seekable: false };
  }
  // ffprobe applies the edit lists: the sample table counts from the track's own zero.
  const endOf = ({ index, start_time = 0, duration }: ProbedStream) =>
    start_time - start + lengthOf(table.tracks[index], duration);
  const shift = (stream.start_time ?? 0) - start;
  const duration = track.edited() ? null : endOf(stream);
  const ends = new Map(probed.streams.map((each) => [each.index, endOf(each)]));
  if (track.samples > MAX_FRAMES)
    throw new MediaFailure("source.damaged", `${track.samples} frames in the table`);
  const keyframeGap = gapOf(track.keyframes(shift), duration ?? shift + track.seconds());
  const { samples: count } = track;
  const frames = () => {
    try {
      return track.frames();
    } catch {
      return "its table cannot be read";
    }
  };
  const places = () => {
    // Of an edited track only FFmpeg knows which samples are shown.
    const samples = duration === null ? null : track.places();
    return samples && { samples, shift, opening: openingOf(table, track), size: table.size };
  };
  const intervals = track.intervals();
  const counted = duration === null ? {} : { count };
  return { duration, ends, keyframeGap, seekable: true, ...counted, frames, places, intervals };
}

/**
 * Seconds; a header of all ones means unknown (ISO/IEC 14496-12, section 8.2.2.3), and FFmpeg takes it for
 * -1.
 */
const lengthOf = (track: Track | undefined, said: number | undefined) =>
  said !== undefined && said > 0 ? said : (track?.seconds() ?? 0);

/** Read from the table on demand; `keyframes` in seconds, rising, each `shift` later. */
type Track = {
  firstByte: number;
  lastByte: number;
  samples: number;
  /** The duration of all samples. */
  seconds(): number;
  /**
   * Whether an edit list shows another span than the samples from first to last: only FFmpeg knows how much
   * of it can be decoded.
   */
  edited(): boolean;
  keyframes(shift: number): Iterable<number>;
  /** Durations of all samples except the last one, whose duration is arbitrary. */
  intervals(): Interval[];
  frames(): Frames | string;
  places(): SamplePlaces | null;
};

/** Ticks a second, of a `mvhd` or a `mdhd`. */
const timescaleOf = (bytes: Buffer, header: Box) =>
  bytes.readUInt32BE(header.body + (bytes[header.body] === 1 ? 20 : 12));

function readTrack(bytes: Buffer, trak: Box, movieTimescale: number): Track {
  const empty = {
    ...{ firstByte: 0, lastByte: 0, places: () => null, samples: 0, seconds: () => 0, edited: () => false },
    ...{ keyframes: () => [], intervals: () => [], frames: () => "it has no table" },
  };
  const stbl = findBox(bytes, "mdia/minf/stbl", trak.body, trak.end);
  const mdhd = findBox(bytes, "mdia/mdhd", trak.body, trak.end);
  if (!stbl || !mdhd) return empty;
  const part = (type: string) => findBox(bytes, type, stbl.body, stbl.end);
  const stsz = part("stsz");
  if (!stsz || stsz.end - stsz.body < 12) return empty;
  const timescale = timescaleOf(bytes, mdhd) || 1;
  const fixed = bytes.readUInt32BE(stsz.body + 4);
  const claimed = bytes.readUInt32BE(stsz.body + 8);
  const samples = fixed > 0 ? claimed : Math.min(claimed, Math.floor((stsz.end - stsz.body - 12) / 4));
  if (fixed === 0 && samples > MAX_ENTRIES) throw new Error(`${samples} sizes of samples`);
  const sizeOf = (from: number, count: number) => {
    if (fixed > 0) return fixed * count;
    let sum = 0;
    for (let n = from; n < from + count; n++) sum += bytes.readUInt32BE(stsz.body + 12 + n * 4);
    return sum;
  };
  return {
    samples,
    firstByte: firstByteOf(bytes, part("stco"), part("co64")),
    places: () => placesOf(bytes, { stbl, samples, timescale }),
    lastByte: lastByteOf(
      bytes,
      { stco: part("stco"), co64: part("co64"), stsc: part("stsc") },
      samples,
      sizeOf,
    ),
    seconds: () => ticksOf(bytes, part("stts")) / timescale,
    edited: () => isEdited(bytes, { trak, stbl, samples, timescale, movieTimescale }),
    *keyframes(shift) {
      for (const ticks of keyframesOf(bytes, part("stts"), part("stss"), samples))
        yield ticks / timescale + shift;
    },
    intervals: () => intervalsOf(bytes, part("stts"), timescale),
    frames: () => framesOf(bytes, { trak, stbl, samples, timescale, movieTimescale }),
  };
}

/** Sum of all durations. */
function ticksOf(bytes: Buffer, stts: Box | undefined): number {
  const runs = table(bytes, stts, 8);
  let ticks = 0;
  for (let n = 0; n < runs.count; n++)
    ticks += bytes.readUInt32BE(runs.at(n)) * bytes.readUInt32BE(runs.at(n) + 4);
  return ticks;
}

/** A table may list each sample separately; few different durations occur. */
function intervalsOf(bytes: Buffer, stts: Box | undefined, timescale: number): Interval[] {
  const runs = table(bytes, stts, 8);
  const counts = new Map<number, number>();
  for (let n = 0; n < runs.count && counts.size < MAX_INTERVALS; n++) {
    const ticks = bytes.readUInt32BE(runs.at(n) + 4);
    const count = bytes.readUInt32BE(runs.at(n)) - (n === runs.count - 1 ? 1 : 0);
    counts.set(ticks, (counts.get(ticks) ?? 0) + count);
  }
  return [...counts].map(([ticks, count]) => ({ seconds: ticks / timescale, count }));
}

/** Where the first chunk of samples begins. */
function firstByteOf(bytes: Buffer, stco: Box | undefined, co64: Box | undefined): number {
  const chunks = table(bytes, co64 ?? stco, co64 ? 8 : 4);
  if (chunks.count === 0) return 0;
  return co64 ? Number(bytes.readBigUInt64BE(chunks.at(0))) : bytes.readUInt32BE(chunks.at(0));
}

type Places = { stco: Box | undefined; co64: Box | undefined; stsc: Box | undefined };

/** Highest end of a sample in the file; `sizeOf` adds up the sizes of consecutive samples. */
function lastByteOf(
  bytes: Buffer,
  places: Places,
  samples: number,
  sizeOf: (from: number, count: number) => number,
): number {
  const wide = places.co64 !== undefined;
  const chunks = table(bytes, places.co64 ?? places.stco, wide ? 8 : 4);
  const runs = table(bytes, places.stsc, 12);
  let sample = 0;
  let run = 0;
  let last = 0;
  for (let chunk = 0; chunk < chunks.count && sample < samples; chunk++) {
    while (run + 1 < runs.count && bytes.readUInt32BE(runs.at(run + 1)) <= chunk + 1) run++;
    const perChunk = runs.count > 0 ? bytes.readUInt32BE(runs.at(run) + 4) : 1;
    const begin = wide
      ? Number(bytes.readBigUInt64BE(chunks.at(chunk)))
      : bytes.readUInt32BE(chunks.at(chunk));
    const count = Math.min(perChunk, samples - sample);
    last = Math.max(last, begin + sizeOf(sample, count));
    sample += count;
  }
  return last;
}

/** Decode times (ticks) of the keyframes; without `stss` every sample is one. */
function* keyframesOf(
  bytes: Buffer,
  stts: Box | undefined,
  stss: Box | undefined,
  samples: number,
): Generator<number> {
  const keys = table(bytes, stss, 4);
  const runs = table(bytes, stts, 8);
  let [run, inRun, before] = [0, 0, 0];
  const total = stss ? keys.count : samples;
  for (let n = 0; n < total && run < runs.count; n++) {
    const sample = stss ? bytes.readUInt32BE(keys.at(n)) - 1 : n;
    // `inRun` is the first sample of the run, `before` its time.
    while (run < runs.count && sample >= inRun + bytes.readUInt32BE(runs.at(run))) {
      const count = bytes.readUInt32BE(runs.at(run));
      before += count * bytes.readUInt32BE(runs.at(run) + 4);
      inRun += count;
      run++;
    }
    if (run < runs.count) yield before + (sample - inRun) * bytes.readUInt32BE(runs.at(run) + 4);
  }
}
