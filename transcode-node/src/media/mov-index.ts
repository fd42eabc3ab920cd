/** The sample table of an MP4 or MOV file: is every sample there, where are the keyframes, when does the picture end. */

import { type Box, boxes, find } from "./boxes.ts";
import { MediaFailure } from "./failure.ts";
import { gapOf, type ReadBytes, type SourceIndex, type SourceProbe } from "./index-facts.ts";
import { lockedEntry } from "./locked.ts";
import { movingPicture, type ProbedStream } from "./probe.ts";
import { type Pictures, picturesOf, table } from "./sample-table.ts";

/** Bytes: a day at 60 frames a second needs a third of it. */
const MAX_MOOV = 256 * 2 ** 20;
/** Pictures of a track: a day at 60 a second needs five million. Sound has a sample for each moment: it is never counted one by one. */
const MAX_PICTURES = 8_000_000;
/** Tracks looked at: more than a source may have. */
const MAX_TRACKS = 128;
/** Top-level boxes looked at; a fragmented file may hold thousands. */
const MAX_BOXES = 400;

const truncated = (why: string) => new MediaFailure("source.truncated", why);

type Top = { type: string; start: number; header: number; size: number };

/** Top-level boxes of the file. Throws `source.truncated` where one runs over the file's end. */
async function topBoxes(read: ReadBytes, size: number): Promise<Top[]> {
  const found: Top[] = [];
  for (let start = 0; start < size && found.length < MAX_BOXES; ) {
    const bytes = await read(start, start + 15);
    if (bytes.length < 8) {
      // A few odd bytes after the last box are common and harmless; inside a file that lacks its index they are not.
      break;
    }
    const short = bytes.readUInt32BE(0);
    const type = bytes.toString("latin1", 4, 8);
    if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) break;
    const long = short === 1 && bytes.length === 16;
    const length = long ? Number(bytes.readBigUInt64BE(8)) : short === 0 ? size - start : short;
    if (length < 8) break;
    found.push({ type, start, header: long ? 16 : 8, size: length });
    if (start + length > size && type !== "free" && type !== "skip") {
      throw truncated(`${type} at ${start} of ${length} bytes in a file of ${size}`);
    }
    start += length;
  }
  return found;
}

export type MovTable = { fragmented: boolean; tracks: Track[] };

/** Reads the index of a MOV/MP4 source. Throws `source.truncated` where the index or samples are missing. */
export async function movTable(read: ReadBytes, size: number): Promise<MovTable> {
  const top = await topBoxes(read, size);
  const place = top.find((box) => box.type === "moov");
  // A photo (HEIC, AVIF) is an ISO file of items without a movie.
  if (!place && top.some((box) => box.type === "meta"))
    throw new MediaFailure("source.not_video", "no movie, only items");
  if (!place) throw truncated(`no moov among ${top.map((box) => box.type).join(" ")}`);
  if (place.size > MAX_MOOV) throw new MediaFailure("source.damaged", `moov of ${place.size} bytes`);
  const bytes = await read(place.start + place.header, place.start + place.size - 1);
  const fragmented = find(bytes, "mvex") !== undefined;
  // A compressed movie header (cmov) holds no trak: it is left to FFmpeg.
  const tracks: Track[] = [];
  const movie = find(bytes, "mvhd");
  const timescale = movie ? timescaleOf(bytes, movie) : 0;
  for (const box of boxes(bytes)) {
    if (box.type !== "trak" || tracks.length >= MAX_TRACKS) continue;
    const locked = lockedEntry(bytes, box.body, box.end);
    if (locked) throw new MediaFailure("source.encrypted", `a track of ${locked}`);
    tracks.push(readTrack(bytes, box, timescale));
  }
  const end = Math.max(0, ...tracks.map((track) => track.lastByte));
  if (!fragmented && end > size) throw truncated(`samples end at ${end} in a file of ${size}`);
  return { fragmented, tracks };
}

/** What the table says of the picture; a fragmented file's fragments are not looked at. */
export function movFacts(
  table: MovTable,
  { probed, start }: Pick<SourceProbe, "probed" | "start">,
): SourceIndex {
  const stream = movingPicture(probed);
  const track = table.tracks[stream?.index ?? -1];
  if (table.fragmented || !stream || !track || track.samples === 0) {
    return { duration: null, ends: new Map(), keyframeGap: null, seekable: false };
  }
  // ffprobe knows the edit lists: the sample table counts from the track's own zero.
  const endOf = ({ start_time = 0, duration }: ProbedStream) =>
    duration === undefined ? null : start_time - start + duration;
  const shift = (stream.start_time ?? 0) - start;
  const duration = endOf(stream);
  const ends = new Map(probed.streams.map((each) => [each.index, endOf(each) ?? 0]));
  if (track.samples > MAX_PICTURES)
    throw new MediaFailure("source.damaged", `${track.samples} pictures in the table`);
  const keyframeGap = gapOf(track.keyframes(shift), duration);
  const { samples: count, pictures } = track;
  return { duration, ends, keyframeGap, seekable: true, count, pictures };
}

/** Read from the table when asked for; `keyframes` in seconds, rising, each `shift` later. */
type Track = {
  lastByte: number;
  samples: number;
  keyframes(shift: number): Iterable<number>;
  pictures(): Pictures | string;
};

/** Ticks a second, of a `mvhd` or a `mdhd`. */
const timescaleOf = (bytes: Buffer, header: Box) =>
  bytes.readUInt32BE(header.body + (bytes[header.body] === 1 ? 20 : 12));

function readTrack(bytes: Buffer, trak: Box, movieTimescale: number): Track {
  const empty = { lastByte: 0, samples: 0, keyframes: () => [], pictures: () => "it has no table" };
  const stbl = find(bytes, "mdia/minf/stbl", trak.body, trak.end);
  const mdhd = find(bytes, "mdia/mdhd", trak.body, trak.end);
  if (!stbl || !mdhd) return empty;
  const part = (type: string) => find(bytes, type, stbl.body, stbl.end);
  const stsz = part("stsz");
  if (!stsz || stsz.end - stsz.body < 12) return empty;
  const timescale = timescaleOf(bytes, mdhd) || 1;
  const fixed = bytes.readUInt32BE(stsz.body + 4);
  const claimed = bytes.readUInt32BE(stsz.body + 8);
  const samples = fixed > 0 ? claimed : Math.min(claimed, Math.floor((stsz.end - stsz.body - 12) / 4));
  const sizeOf = (from: number, count: number) => {
    if (fixed > 0) return fixed * count;
    let sum = 0;
    for (let n = from; n < from + count; n++) sum += bytes.readUInt32BE(stsz.body + 12 + n * 4);
    return sum;
  };
  return {
    samples,
    lastByte: lastByteOf(
      bytes,
      { stco: part("stco"), co64: part("co64"), stsc: part("stsc") },
      samples,
      sizeOf,
    ),
    *keyframes(shift) {
      for (const ticks of keyframesOf(bytes, part("stts"), part("stss"), samples))
        yield ticks / timescale + shift;
    },
    pictures: () => picturesOf(bytes, { trak, stbl, samples, timescale, movieTimescale }),
  };
}

type Places = { stco: Box | undefined; co64: Box | undefined; stsc: Box | undefined };

/** Highest end of a sample in the file; `sizeOf` adds up so many samples from one on. */
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
