/** Checks a completed video: what its MP4 shows against what plain FFmpeg decodes of its source. Pure. */
import type { Frame } from "../../testing/measure.ts";
import type { Decoded, Span } from "./decoded.ts";

/** Seconds by which the two may differ: readers disagree on how long a damaged file's last frame lasts. */
const TOLERANCE = 0.6;
/** Levels of mean luma (0–255) by which the same frame may differ after encoding. */
const SAME_LUMA = 12;
/** Share of the frames that may show another one: decoders conceal losses in more ways than one. */
const MAX_OTHERS = 0.25;
/** A step backwards by this many seconds is another recording's clock, not the decoding order. */
const RESTART = 0.5;

const endOf = (spans: readonly Span[]) => Math.max(...spans.map(({ at, lasts }) => at + lasts));
const beginOf = (spans: readonly Span[]) => Math.min(...spans.map(({ at }) => at));
const restarts = (spans: readonly Span[]) =>
  spans.some(({ at }, n) => at < (spans[n - 1]?.at ?? at) - RESTART);

/** The source's frame on the screen at `time`, and its neighbours: a grid may take either of two. */
function around(frames: readonly Frame[], time: number): Frame[] {
  const next = frames.findIndex(({ at }) => at > time);
  const on = (next === -1 ? frames.length : next) - 1;
  return frames.slice(Math.max(0, on - 1), Math.max(0, on) + 3);
}

/** Share of `made` whose luma matches no source frame near its time. */
export function othersShown(made: readonly Frame[], source: readonly Frame[], zero: number): number {
  const sorted = [...source].sort((a, b) => a.at - b.at);
  const others = made.filter(
    ({ at, luma }) => !around(sorted, at + zero).some((frame) => Math.abs(frame.luma - luma) <= SAME_LUMA),
  );
  return others.length / Math.max(1, made.length);
}

/**
 * What is wrong with `made` (an MP4, on its own timeline from zero) as the video of `source`; null where
 * nothing is.
 */
export function wrongSuccess(made: Decoded, source: Decoded): string | null {
  if (made.video.length === 0) return "its MP4 has no frame";
  if (made.video.some(({ at }, n) => at <= (made.video[n - 1]?.at ?? -1))) return "its frames do not rise";
  if (source.video.length === 0) return "completed, though FFmpeg decodes no frame of it";
  const audio = source.audio.filter((track) => track.length > 0);
  if (audio.length > 0 && made.audio.length === 0) return "without the source's audio";
  const all = [source.video, ...audio];
  // Concatenated recordings have no single span; a copy gives them one timeline.
  if (all.some(restarts)) return null;
  const zero = Math.min(...all.map(beginOf));
  const expected = Math.max(...all.map(endOf)) - zero;
  const seconds = endOf(made.video);
  if (Math.abs(seconds - expected) > TOLERANCE)
    return `lasts ${seconds.toFixed(2)} s where FFmpeg decodes ${expected.toFixed(2)} s`;
  const sourceAudioEnd = Math.max(0, ...audio.map(endOf)) - zero;
  const audioEnd = made.audio[0] ? endOf(made.audio[0]) : 0;
  if (audio.length > 0 && audioEnd < sourceAudioEnd - TOLERANCE)
    return `audio ends at ${audioEnd.toFixed(2)} s where FFmpeg decodes ${sourceAudioEnd.toFixed(2)} s`;
  // Frames at the beginning that cannot be decoded still take their time: the first decodable frame fills it.
  const zeros = [zero, zero + expected - seconds];
  const others = Math.min(...zeros.map((each) => othersShown(made.shown, source.shown, each)));
  if (others > MAX_OTHERS) return `${Math.round(100 * others)} % of its frames are not the source's`;
  return null;
}
