/**
 * Writes playlists from rows (RFC 8216), with byte ranges into chunk objects. Pure: the same rows and URLs
 * give the same text.
 */
import { audioRendition, defaultTrack, trackNames } from "@storagex/contract/media/audio-tracks";
import type { Rung } from "@storagex/contract/media/ladder";
import type { AudioTrack, Rational } from "@storagex/contract/tasks/plan";
import type { Segment } from "@storagex/contract/tasks/report";
import type { ShownCaptions } from "../captions/shown.ts";
import { captionLines, captionsGroup } from "./captions-list.ts";
import { HEAD, quoted, quotedNames } from "./hls-text.ts";

/** A chunk of a rendition, or an audio piece. */
export type MediaRow = {
  key: string;
  initLength: number;
  initHash: string;
  timescale: number;
  segments: readonly Segment[];
};

/** What is stored of a rendition or track, from 0 up to the first gap. */
export type Extent = { rendition: string; objects: number; seconds: number; codecs: string };

/** Bits per second of a rendition or track: peak over its segments, and mean. */
export type RenditionRates = { rendition: string; peak: number; mean: number };

/**
 * One generation without its segments. `isWhole`: every chunk and piece is stored, so playlists end. `ended`:
 * tracks that are complete; one that is shorter than the video must not hold it back.
 */
export type Outline = {
  rungs: readonly Rung[];
  grid: { rate: Rational; segmentFrames: number };
  audio: readonly AudioTrack[];
  /** Whether the frames carry embedded captions; not known for generations of older workers. */
  closedCaptions?: "none" | null | undefined;
  extents: readonly Extent[];
  ended: readonly string[];
  isWhole: boolean;
};

/** Rate of our stereo AAC, used before real sizes are known. */
const AUDIO_RATE = 140_000;
/** Seconds; anything below is rounding error. */
const NOTHING = 1e-6;
/** Lines sent together: about 100 KB. */
const PIECE = 500;

/** Every playlist that exists or will exist. */
export const listNames = ({ rungs, audio }: Pick<Outline, "rungs" | "audio">): string[] => [
  ...rungs.map(({ name }) => name),
  ...audio.map((_, track) => audioRendition(track)),
];

/** What is stored of a rendition or track; undefined if nothing is. */
export const extentOf = ({ extents }: Outline, name: string): Extent | undefined =>
  extents.find(({ rendition }) => rendition === name);

/**
 * Seconds that every rendition and track has: all playlists grow together. A chunk counts when all its
 * renditions are stored. A late audio track holds the video back, and vice versa.
 */
function commonEnd(outline: Outline): number {
  if (outline.isWhole) return Number.POSITIVE_INFINITY;
  const growing = listNames(outline).filter((name) => !outline.ended.includes(name));
  return Math.min(...growing.map((name) => extentOf(outline, name)?.seconds ?? 0));
}

/**
 * The rows with the segments to list: those that begin before `end`. `end` only grows, so a playlist is only
 * ever appended to.
 */
function* listed(rows: readonly MediaRow[], end: number): Generator<MediaRow> {
  // Summed in ticks: thousands of float additions would drift.
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

/**
 * The target duration must never change (RFC 8216, 4.3.3.1), so it comes from the grid, not only from the
 * rows stored so far.
 */
function targetDuration({ grid }: Outline, rows: Iterable<MediaRow>): number {
  let longest = (grid.segmentFrames * grid.rate.den) / grid.rate.num;
  for (const { segments, timescale } of rows)
    for (const { duration } of segments) longest = Math.max(longest, duration / timescale);
  return Math.max(1, Math.round(longest));
}

/**
 * The playlist of one rendition, in parts: for a day-long video it has about 25 MB, too much to hold in
 * memory. `rows` are all rows that its extent counts, `urlOf` signs an object's URL. It stays of type EVENT
 * when it is complete: an EVENT playlist may only be appended to, and then gets its ENDLIST.
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
    // Two builds of the encoder may write different inits. Objects with the same init share the first one's.
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

/** The rate announced before real sizes are known: the cap, plus a tenth for container and peaks. */
const plannedRate = ({ maxrate }: Rung) => Math.round((maxrate * 11) / 10);

/** The multivariant playlist; null if nothing is playable. `rates` cover a whole generation, or are empty. */
export function multivariantPlaylist(
  outline: Outline,
  rates: readonly RenditionRates[],
  captions: readonly ShownCaptions[] = [],
): string | null {
  const { rungs, grid, audio } = outline;
  if (commonEnd(outline) < NOTHING) return null;
  const ratesOf = (name: string, planned: number) =>
    rates.find(({ rendition }) => rendition === name) ?? { peak: planned, mean: planned };
  const tracks = audio.map((_, track) => ratesOf(audioRendition(track), AUDIO_RATE));
  const loudest = {
    peak: Math.max(0, ...tracks.map(({ peak }) => peak)),
    mean: Math.max(0, ...tracks.map(({ mean }) => mean)),
  };
  const lines = [...HEAD, ...audioLines(audio), ...captionLines(captions)];
  const audioCodecs = extentOf(outline, audioRendition(0))?.codecs;
  for (const rung of [...rungs].sort((a, b) => b.maxrate - a.maxrate)) {
    const codecs = extentOf(outline, rung.name)?.codecs;
    if (!codecs || (audio.length > 0 && !audioCodecs)) return null;
    const own = ratesOf(rung.name, plannedRate(rung));
    const attributes = [
      `BANDWIDTH=${Math.ceil(own.peak + loudest.peak)}`,
      `AVERAGE-BANDWIDTH=${Math.ceil(own.mean + loudest.mean)}`,
      `CODECS=${quoted([codecs, audioCodecs].filter(Boolean).join(","))}`,
      `RESOLUTION=${rung.width}x${rung.height}`,
      `FRAME-RATE=${(grid.rate.num / grid.rate.den).toFixed(3)}`,
      ...(audio.length > 0 ? ['AUDIO="audio"'] : []),
      ...captionsGroup(captions),
      // Without it players look for captions in the frames, and offer an empty track (RFC 8216, 4.3.4.2).
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
      `URI="${audioRendition(index)}.m3u8"`,
    ];
    return `#EXT-X-MEDIA:${attributes.join(",")}`;
  });
}
