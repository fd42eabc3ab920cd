/** Makes playlists of rows (RFC 8216): pure, the same rows and URLs give the same text. Byte ranges into chunk objects. */
import { defaultTrack, trackNames } from "@storagex/contract/media/audio-tracks";
import type { Rung } from "@storagex/contract/media/ladder";
import type { Segment } from "@storagex/contract/tasks/report";
import type { AudioTrack, Rational } from "@storagex/contract/tasks/task";
import type { ShownCaptions } from "../db/shown-captions.ts";
import { captionLines, captionsGroup } from "./captions-list.ts";
import { HEAD, quoted, quotedNames } from "./hls-text.ts";

/** A chunk of a rendition or a piece of a track. */
export type MediaRow = {
  key: string;
  initLength: number;
  initHash: string;
  timescale: number;
  segments: readonly Segment[];
};

/** What is there of a rendition or track from 0 on, without a gap. */
export type Extent = { rendition: string; objects: number; seconds: number; codecs: string };

/** Bits per second of a rendition or track: peak of a segment, and mean. */
export type Rates = { rendition: string; peak: number; mean: number };

/**
 * One generation without its segments. `isWhole`: every chunk and piece is there, so lists end. `ended`: tracks that are
 * whole already; one that is shorter than the picture must not hold it back.
 */
export type Outline = {
  rungs: readonly Rung[];
  grid: { rate: Rational; segmentFrames: number };
  audio: readonly AudioTrack[];
  /** What is known of captions in the frames themselves; nothing for generations of older workers. */
  closedCaptions?: "none" | null | undefined;
  extents: readonly Extent[];
  ended: readonly string[];
  isWhole: boolean;
};

/** Stereo AAC as we make it, before real sizes are known. */
const AUDIO_RATE = 140_000;
/** Seconds: less is rounding. */
const NOTHING = 1e-6;
/** Lines that are handed on together: some 100 KB. */
const PIECE = 500;
const audioName = (track: number) => `audio-${track}`;

/** Every list there is, or will be. */
export const listNames = ({ rungs, audio }: Pick<Outline, "rungs" | "audio">): string[] => [
  ...rungs.map(({ name }) => name),
  ...audio.map((_, track) => audioName(track)),
];

/** What is there of a list; undefined where nothing is. */
export const extentOf = ({ extents }: Outline, name: string): Extent | undefined =>
  extents.find(({ rendition }) => rendition === name);

/**
 * Seconds that every rendition has: all lists grow together. A chunk counts when all its renditions are there; a track
 * that is behind holds the picture back, and the other way round.
 */
function commonEnd(outline: Outline): number {
  if (outline.isWhole) return Number.POSITIVE_INFINITY;
  const growing = listNames(outline).filter((name) => !outline.ended.includes(name));
  return Math.min(...growing.map((name) => extentOf(outline, name)?.seconds ?? 0));
}

/** The rows with the segments to list: those that begin before `end`. It only grows, so a list only ever appends. */
function* listed(rows: readonly MediaRow[], end: number): Generator<MediaRow> {
  // Summed in ticks: a film's thousand floats would drift.
  let ticks = 0;
  for (const row of rows) {
    const segments: Segment[] = [];
    for (const segment of row.segments) {
      if (ticks / row.timescale >= end - NOTHING) break;
      segments.push(segment);
      ticks += segment.duration;
    }
    if (segments.length === 0) return;
    yield { ...row, segments };
  }
}

/** Fixed from the first answer on (RFC 8216, 4.3.3.1): from the grid, not from what is there so far. */
function targetDuration({ grid }: Outline, rows: Iterable<MediaRow>): number {
  let longest = (grid.segmentFrames * grid.rate.den) / grid.rate.num;
  for (const { segments, timescale } of rows)
    for (const { duration } of segments) longest = Math.max(longest, duration / timescale);
  return Math.max(1, Math.round(longest));
}

/**
 * The list of one rendition, piece by piece: a day of it is some 25 MB, which nobody needs to hold. `rows` are all that
 * its extent counts, `urlOf` gives an object's address. It stays an EVENT list to its end: a list that was one may only
 * append, and then gets its ENDLIST.
 */
export async function* mediaPlaylist(
  outline: Outline,
  rows: readonly MediaRow[],
  urlOf: (key: string) => Promise<string>,
): AsyncGenerator<string, void> {
  const end = commonEnd(outline);
  const lines = [
    ...HEAD,
    `#EXT-X-TARGETDURATION:${targetDuration(outline, listed(rows, end))}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:EVENT",
  ];
  const text = () => `${lines.splice(0).join("\n")}\n`;
  let init: string | undefined;
  for (const { key, initHash, initLength, timescale, segments } of listed(rows, end)) {
    const url = await urlOf(key);
    // Two builds of the encoder may make two inits; within one init the first object's serves all.
    if (initHash !== init) lines.push(`#EXT-X-MAP:URI="${url}",BYTERANGE="${initLength}@0"`);
    init = initHash;
    for (const { duration, length, offset } of segments)
      lines.push(
        `#EXTINF:${(duration / timescale).toFixed(6)},`,
        `#EXT-X-BYTERANGE:${length}@${offset}`,
        url,
      );
    if (lines.length > PIECE) yield text();
  }
  if (outline.isWhole) lines.push("#EXT-X-ENDLIST");
  if (lines.length > 0) yield text();
}

/** Before real sizes are known: the cap, with a tenth for the container and for peaks. */
const plannedRate = ({ maxrate }: Rung) => Math.round((maxrate * 11) / 10);

/** The multivariant playlist, or null where nothing can be played yet. `rates` are of a whole generation, else empty. */
export function multivariantPlaylist(
  outline: Outline,
  rates: readonly Rates[],
  captions: readonly ShownCaptions[] = [],
): string | null {
  const { rungs, grid, audio } = outline;
  if (commonEnd(outline) < NOTHING) return null;
  const ratesOf = (name: string, planned: number) =>
    rates.find(({ rendition }) => rendition === name) ?? { peak: planned, mean: planned };
  const sound = audio.map((_, track) => ratesOf(audioName(track), AUDIO_RATE));
  const loudest = {
    peak: Math.max(0, ...sound.map(({ peak }) => peak)),
    mean: Math.max(0, ...sound.map(({ mean }) => mean)),
  };
  const lines = [...HEAD, ...audioLines(audio), ...captionLines(captions)];
  const soundCodecs = extentOf(outline, audioName(0))?.codecs;
  for (const rung of [...rungs].sort((a, b) => b.maxrate - a.maxrate)) {
    const codecs = extentOf(outline, rung.name)?.codecs;
    if (!codecs || (audio.length > 0 && !soundCodecs)) return null;
    const own = ratesOf(rung.name, plannedRate(rung));
    const attributes = [
      `BANDWIDTH=${Math.ceil(own.peak + loudest.peak)}`,
      `AVERAGE-BANDWIDTH=${Math.ceil(own.mean + loudest.mean)}`,
      `CODECS=${quoted([codecs, soundCodecs].filter(Boolean).join(","))}`,
      `RESOLUTION=${rung.width}x${rung.height}`,
      `FRAME-RATE=${(grid.rate.num / grid.rate.den).toFixed(3)}`,
      ...(audio.length > 0 ? ['AUDIO="audio"'] : []),
      ...captionsGroup(captions),
      // Without it players look for captions in the frames, and offer a track that shows nothing (RFC 8216, 4.3.4.2).
      ...(outline.closedCaptions === "none" ? ["CLOSED-CAPTIONS=NONE"] : []),
    ];
    lines.push(`#EXT-X-STREAM-INF:${attributes.join(",")}`, `${rung.name}.m3u8`);
  }
  return `${lines.join("\n")}\n`;
}

/** One EXT-X-MEDIA per track, and one of them DEFAULT (4.3.4.1.1). */
function audioLines(audio: readonly AudioTrack[]): string[] {
  const chosen = defaultTrack(audio);
  const names = quotedNames(trackNames(audio));
  return audio.map(({ language }, index) => {
    const attributes = [
      "TYPE=AUDIO",
      'GROUP-ID="audio"',
      `NAME=${names[index]}`,
      ...(language ? [`LANGUAGE=${quoted(language)}`] : []),
      `DEFAULT=${index === chosen ? "YES" : "NO"}`,
      "AUTOSELECT=YES",
      'CHANNELS="2"',
      `URI="${audioName(index)}.m3u8"`,
    ];
    return `#EXT-X-MEDIA:${attributes.join(",")}`;
  });
}
