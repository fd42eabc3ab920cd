/** The one zero of a source's timeline, and its duration from there. */
import type { Rational } from "@storagex/contract/tasks/plan";
import type { ProbedStream } from "../source/probe.ts";
import { secondsAt } from "./grid.ts";

/**
 * Start of the first of the streams that become renditions, in seconds on the container's clock. Others do
 * not count: data and subtitles may begin earlier, another program may have its own clock.
 */
export function startOf(streams: readonly ProbedStream[]): number {
  const starts = streams.flatMap(({ start_time }) => (start_time === undefined ? [] : [start_time]));
  return starts.length > 0 ? Math.min(...starts) : 0;
}

/**
 * Seconds of audio before the first frame that are not worth another frame: an encoder's priming is no
 * content.
 */
const MAX_LEAD = 0.025;

/**
 * Zero of the timeline on the container's clock (seconds), for a source that begins at `start` and its frames
 * at `framesStart`: a whole number of frames before the first one, so that each is on the grid. Half a frame
 * off, they would be shifted by 20 ms against the audio. It is less than a frame earlier than `start`, or
 * later by `MAX_LEAD` at most.
 */
export function originOf(start: number, framesStart: number, rate: Rational): number {
  const lead = framesStart - start;
  const frames = Math.max(0, Math.ceil(((lead - MAX_LEAD) * rate.num) / rate.den));
  return Math.round((framesStart - secondsAt(frames, rate)) * 1e6) / 1e6;
}

/**
 * Seconds by which audio may be longer than the frames without effect: what an encoder adds to fill its last
 * packet, and a small margin.
 */
const MAX_OVERHANG = 0.1;

/**
 * Seconds from the origin to the end of the video: of its frames (`framesEnd`), or of the longest audio track
 * where that is longer. An unknown end (undefined) does not count.
 */
export function durationOf(framesEnd: number, audioEnds: readonly (number | undefined)[]): number {
  const audioEnd = Math.max(0, ...audioEnds.map((end) => end ?? 0));
  return audioEnd > framesEnd + MAX_OVERHANG ? audioEnd : framesEnd;
}
