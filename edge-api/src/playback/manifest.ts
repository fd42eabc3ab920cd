/** Makes playlists of rows (RFC 8216): pure, the same rows and URLs give the same text. Byte ranges into chunk objects. */
import type { Rung } from "@storagex/contract/ladder";
import type { Segment } from "@storagex/contract/report";
import type { AudioTrack, Rational } from "@storagex/contract/task";
import { captionLines, captionsGroup } from "./captions-list.ts";
import { HEAD, quoted } from "./hls-text.ts";
import type { ShownCaptions } from "./shown-captions.ts";

/** A chunk of a rendition or a piece of a track. */
export type MediaRow = {
  rendition: string;
  index: number;
  key: string;
  size: number;
  initLength: number;
  initHash: string;
  codecs: string;
  timescale: number;
  segments: Segment[];
};

/**
 * All media of one generation. `isWhole`: every chunk and piece is there, so lists end. `ended`: tracks that are whole
 * already; one that is shorter than the picture must not hold it back.
 */
export type Timeline = {
  rungs: readonly Rung[];
  grid: { rate: Rational; segmentFrames: number };
  audio: readonly AudioTrack[];
  rows: readonly MediaRow[];
  ended: readonly string[];
  isWhole: boolean;
};

/** Every segment of one list on the timeline, in seconds. */
type Placed = { row: MediaRow; segment: Segment; start: number; duration: number };

/** Stereo AAC as we make it, before real sizes are known. */
const AUDIO_RATE = 140_000;
const audioName = (track: number) => `audio-${track}`;

/** Contiguous objects of a rendition from 0 on. */
function objectsOf({ rows }: Timeline, rendition: string): MediaRow[] {
  const sorted = rows.filter((row) => row.rendition === rendition).sort((a, b) => a.index - b.index);
  const gap = sorted.findIndex((row, position) => row.index !== position);
  return gap === -1 ? sorted : sorted.slice(0, gap);
}

function placed(rows: readonly MediaRow[]): Placed[] {
  const list: Placed[] = [];
  let ticks = 0;
  for (const row of rows)
    for (const segment of row.segments) {
      const duration = segment.duration / row.timescale;
      // Summed in ticks: a film's thousand floats would drift.
      list.push({ row, segment, start: ticks / row.timescale, duration });
      ticks += segment.duration;
    }
  return list;
}

const endOf = (list: readonly Placed[]) => {
  const last = list.at(-1);
  return last ? last.start + last.duration : 0;
};

/**
 * Seconds that every rendition has: all lists grow together. A chunk counts when all its renditions are there; a track
 * that is behind holds the picture back, and the other way round.
 */
function commonEnd(timeline: Timeline): number {
  if (timeline.isWhole) return Number.POSITIVE_INFINITY;
  const names = [
    ...timeline.rungs.map(({ name }) => name),
    ...timeline.audio.map((_, track) => audioName(track)),
  ];
  const growing = names.filter((name) => !timeline.ended.includes(name));
  return Math.min(...growing.map((name) => endOf(placed(objectsOf(timeline, name)))));
}

/** The segments to list: those that begin before the common end. It only grows, so a list only ever appends. */
function listed(timeline: Timeline, rendition: string): Placed[] {
  const end = commonEnd(timeline);
  return placed(objectsOf(timeline, rendition)).filter(({ start }) => start < end - 1e-6);
}

/** Fixed from the first answer on (RFC 8216, 4.3.3.1): from the grid, not from what is there so far. */
function targetDuration({ grid }: Timeline, list: readonly Placed[]): number {
  const planned = (grid.segmentFrames * grid.rate.den) / grid.rate.num;
  const longest = Math.max(planned, ...list.map(({ duration }) => duration));
  return Math.max(1, Math.round(longest));
}

/**
 * The list of one rendition, or null where there is none of that name. `urlOf` gives each object's address.
 * It stays an EVENT list to its end: a list that was one may only append, and then gets its ENDLIST.
 */
export function mediaPlaylist(
  timeline: Timeline,
  rendition: string,
  urlOf: (row: MediaRow) => string,
): string | null {
  const isKnown =
    timeline.rungs.some(({ name }) => name === rendition) ||
    timeline.audio.some((_, track) => audioName(track) === rendition);
  if (!isKnown) return null;
  const list = listed(timeline, rendition);
  const lines = [
    ...HEAD,
    `#EXT-X-TARGETDURATION:${targetDuration(timeline, list)}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:EVENT",
  ];
  let init: string | undefined;
  for (const { row, segment, duration } of list) {
    const url = urlOf(row);
    // Two builds of the encoder may make two inits; within one init the first object's serves all.
    if (row.initHash !== init) lines.push(`#EXT-X-MAP:URI="${url}",BYTERANGE="${row.initLength}@0"`);
    init = row.initHash;
    lines.push(
      `#EXTINF:${duration.toFixed(6)},`,
      `#EXT-X-BYTERANGE:${segment.length}@${segment.offset}`,
      url,
    );
  }
  if (timeline.isWhole) lines.push("#EXT-X-ENDLIST");
  return `${lines.join("\n")}\n`;
}

/** Bits per second: peak of a segment, and mean. */
function ratesOf(list: readonly Placed[]): { peak: number; mean: number } {
  let bytes = 0;
  let seconds = 0;
  let peak = 0;
  for (const { segment, duration } of list) {
    bytes += segment.length;
    seconds += duration;
    // The last segment may be a single frame: its rate over so short a time says nothing.
    if (duration > 0.5) peak = Math.max(peak, (segment.length * 8) / duration);
  }
  const mean = seconds > 0 ? (bytes * 8) / seconds : 0;
  return { peak: Math.max(peak, mean), mean };
}

/** Before real sizes are known: the cap, with a tenth for the container and for peaks. */
function plannedRates({ maxrate }: Rung): { peak: number; mean: number } {
  const rate = Math.round((maxrate * 11) / 10);
  return { peak: rate, mean: rate };
}

/** The multivariant playlist, or null where nothing can be played yet. */
export function multivariantPlaylist(
  timeline: Timeline,
  captions: readonly ShownCaptions[] = [],
): string | null {
  const { rungs, grid, audio, isWhole } = timeline;
  const sound = audio.map((_, track) => listed(timeline, audioName(track)));
  const soundRates = sound.map((list) => (isWhole ? ratesOf(list) : { peak: AUDIO_RATE, mean: AUDIO_RATE }));
  const loudest = {
    peak: Math.max(0, ...soundRates.map(({ peak }) => peak)),
    mean: Math.max(0, ...soundRates.map(({ mean }) => mean)),
  };
  const lines = [
    ...HEAD,
    ...audio.map((track, index) => audioLine(track, index, audio)),
    ...captionLines(captions),
  ];
  const soundCodecs = sound[0]?.[0]?.row.codecs;
  for (const rung of [...rungs].sort((a, b) => b.maxrate - a.maxrate)) {
    const list = listed(timeline, rung.name);
    const first = list[0];
    if (!first || (audio.length > 0 && !soundCodecs)) return null;
    const own = isWhole ? ratesOf(list) : plannedRates(rung);
    const attributes = [
      `BANDWIDTH=${Math.ceil(own.peak + loudest.peak)}`,
      `AVERAGE-BANDWIDTH=${Math.ceil(own.mean + loudest.mean)}`,
      `CODECS=${quoted([first.row.codecs, soundCodecs].filter(Boolean).join(","))}`,
      `RESOLUTION=${rung.width}x${rung.height}`,
      `FRAME-RATE=${(grid.rate.num / grid.rate.den).toFixed(3)}`,
      ...(audio.length > 0 ? ['AUDIO="audio"'] : []),
      ...captionsGroup(captions),
    ];
    lines.push(`#EXT-X-STREAM-INF:${attributes.join(",")}`, `${rung.name}.m3u8`);
  }
  return `${lines.join("\n")}\n`;
}

function audioLine({ language, label }: AudioTrack, index: number, all: readonly AudioTrack[]) {
  // One DEFAULT in a group at most (RFC 8216, 4.3.4.1.1); NAMEs differ within it.
  const chosen = Math.max(
    0,
    all.findIndex((track) => track.default),
  );
  const name = label ?? language ?? (all.length > 1 ? `Track ${index + 1}` : "Sound");
  const isTaken = all.some(
    (other, at) => at < index && (other.label ?? other.language) === (label ?? language),
  );
  const attributes = [
    "TYPE=AUDIO",
    'GROUP-ID="audio"',
    `NAME=${quoted(isTaken ? `${name} ${index + 1}` : name)}`,
    ...(language ? [`LANGUAGE=${quoted(language)}`] : []),
    `DEFAULT=${index === chosen ? "YES" : "NO"}`,
    "AUTOSELECT=YES",
    'CHANNELS="2"',
    `URI="${audioName(index)}.m3u8"`,
  ];
  return `#EXT-X-MEDIA:${attributes.join(",")}`;
}
