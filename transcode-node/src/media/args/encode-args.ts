/** FFmpeg's arguments for an encode, and what all runs share; each flag with its reason. */

import { FORMAT_WHITELIST } from "@storagex/contract/formats/containers";
import type { Rung } from "@storagex/contract/media/ladder";
import type { Chunk, Plan, SourceFacts } from "@storagex/contract/tasks/plan";
import type { Encoder } from "../encoders/encoder.ts";
import { fitsHardware } from "../encoders/hardware.ts";
import { av1, software } from "../encoders/software.ts";
import { secondsAt } from "../plan/grid.ts";
import { frameFilters, rungFilter } from "./frame-filters.ts";

/** Max pixels of one decoded frame (8192 × 4882). */
export const MAX_PIXELS = 40_000_000;

/** Few log lines, no terminal input, machine-readable progress. */
export const quiet = ["-hide_banner", "-loglevel", "warning", "-nostdin", "-y", "-nostats"];

/** Decoders for our own outputs. */
export const OUR_DECODERS = ["h264", "aac"] as const;

/**
 * Restrictions for an untrusted file: everything before `-i` applies to the demuxer and the decoders.
 * `demuxer` selects the known one: FFmpeg's own guess may differ, for example after a few kilobytes of junk.
 */
export const fences = (
  decoders: readonly string[],
  demuxer?: string,
  formats = FORMAT_WHITELIST,
): string[] => [
  ...(demuxer === undefined ? [] : ["-f", demuxer]),
  // Only the loopback proxy can be reached.
  ...["-protocol_whitelist", "http,tcp"],
  // The protocol list alone would let a playlist fetch what its author wants: allow no demuxer that follows
  // URLs.
  ...["-format_whitelist", formats],
  ...(decoders.length > 0 ? ["-codec_whitelist", decoders.join(",")] : []),
  // Longer than the proxy's own timeout for the object store (microseconds): the proxy must be the one that
  // gives up.
  ...["-rw_timeout", "270000000"],
  // When FFmpeg seeks, the bytes in transit were read from the object store for nothing; that may be 30 MB by
  // default.
  ...["-recv_buffer_size", String(256 * 1024)],
  // Checked for each decoded frame: the size in the header may be wrong.
  ...["-max_pixels", String(MAX_PIXELS)],
];

/**
 * Our own fragments, concatenated, as an input that is read once from its first byte to its last. FFmpeg
 * would otherwise first read the head of every fragment, one request each, to build an index. (`-seekable 0`
 * prevents that too, but then FFmpeg 5 sleeps whenever one of two inputs has no data: 14 s for a remux of
 * half a second.)
 */
export const joinedInput = (url: string, decoders: readonly string[] = OUR_DECODERS): string[] => [
  ...fences(decoders),
  ...["-fflags", "+ignidx", "-i", url],
];

/**
 * One timeline for every run on a source, whichever streams the run uses: `origin` on the container's clock
 * becomes zero. The added microsecond disappears in every stream's ticks. Without it, FFmpeg 5 mistakes an
 * offset that is exactly the container's start for its own, and moves it to the start of the streams in use
 * (transport and program streams).
 */
export const onTimeline = (origin: number | undefined): string[] =>
  origin === undefined
    ? ["-copyts", "-start_at_zero"]
    : ["-copyts", "-itsoffset", (1e-6 - origin).toFixed(6)];

/**
 * Seeks to `seconds` of the timeline, on the container's own clock, because FFmpeg would count from the start
 * that this run finds.
 */
const seekTo = (seconds: number, origin: number | undefined): string[] => {
  if (seconds <= 0) return [];
  if (origin === undefined) return ["-ss", seconds.toFixed(6)];
  return ["-seek_timestamp", "1", "-ss", (origin + seconds).toFixed(6)];
};

/** How a source is opened, and where its timeline begins. */
export type Opened = Pick<SourceFacts, "decoders" | "demuxer" | "origin">;

/** The source as an input, from `seek` seconds of the timeline on. */
export const sourceInput = (url: string, { decoders, demuxer, origin }: Opened, seek: number): string[] => [
  ...fences(decoders, demuxer),
  // With accurate seek, FFmpeg drops the last frame before a long gap and fills its slot with a later one.
  "-noaccurate_seek",
  ...onTimeline(origin),
  // A frame size that changes midway must not rebuild the filters: fps would start at the chunk's start
  // again.
  ...["-reinit_filter", "0"],
  ...seekTo(seek, origin),
  ...["-i", url],
];

/** No metadata of the source (GPS, names) and nothing about the build goes into the output. */
export const anonymous = [
  "-map_metadata",
  "-1",
  "-map_chapters",
  "-1",
  "-fflags",
  "+bitexact",
  "-flags",
  "+bitexact",
];

/** Timestamps are written unchanged: chunks would not join if the muxer shifted them. */
export const asTimed = [
  "-avoid_negative_ts",
  "disabled",
  "-use_editlist",
  "0",
  "-muxdelay",
  "0",
  "-muxpreload",
  "0",
];

/**
 * frag_discont: tfdt counts from the timeline's zero, not the chunk's. negative_cts_offsets: the first frame
 * is at its tfdt.
 */
const VIDEO_FLAGS =
  "+cmaf+frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets+frag_discont+skip_sidx+skip_trailer";

/** The encoder of a rung: software for AV1 and for sizes that no hardware supports. */
const encoderOf = (rung: Rung, encoder: Encoder): Encoder => {
  if (rung.codec === "av1") return { ...software, args: av1 };
  return fitsHardware(rung) ? encoder : software;
};

/** `pathOf` gives the file of a rung. */
type Work = { plan: Plan; chunk: Chunk; pathOf: (rung: Rung) => string; encoder: Encoder };

/** Copies the source's packets, which are already on the grid. */
const asItIs = ({ rate, segmentFrames }: Plan["grid"]): string[] => [
  ...["-c:v", "copy"],
  // SEI messages (a camera's location and serial number, captions) are removed.
  ...["-bsf:v", "filter_units=remove_types=6"],
  // Further keyframes within a segment start no fragment: only one at the segment's end does (tolerance half
  // a frame).
  ...["-min_frag_duration", String(Math.round(1e6 * secondsAt(segmentFrames - 0.5, rate)))],
];

/** Encodes the frames on the grid. */
const encoded = (rung: Rung, { plan, encoder }: Work): string[] => [
  // The fps filter has made the grid; nothing may add or drop a frame after it.
  ...["-fps_mode", "passthrough", "-enc_time_base", `${plan.grid.rate.den}:${plan.grid.rate.num}`],
  ...encoderOf(rung, encoder).args(rung, plan),
];

/** The filters that make `[v0]`, `[v1]` … for the rungs that are encoded; empty where none is. */
function graphOf({ plan, chunk, encoder }: Work): string[] {
  const made = plan.rungs.flatMap((rung, n) => (rung.copied ? [] : [{ rung, n }]));
  if (made.length === 0) return [];
  const held = chunk.frames === null ? (plan.grid.heldFrames ?? 0) : 0;
  const first = [
    frameFilters(plan, secondsAt(chunk.firstFrame, plan.grid.rate)),
    // The audio is longer: the last frame is repeated to its end.
    ...(held > 0 ? [`tpad=stop=${held}:stop_mode=clone`] : []),
  ].join(",");
  const names = made.map(({ n }) => `[s${n}]`).join("");
  const graph = [
    `[0:v:${plan.source.videoStream}]${first},split=${made.length}${names}`,
    ...made.map(
      ({ rung, n }) => `[s${n}]${rungFilter(rung, plan.source)}${encoderOf(rung, encoder).upload}[v${n}]`,
    ),
  ];
  return ["-filter_complex", graph.join(";")];
}

/**
 * Frames of a last chunk that holds its last frame to the audio's end: FFmpeg 7 already gives that frame the
 * length of the interval before it. Null where the file's end decides.
 */
const heldTo = ({ plan: { grid }, chunk }: Work): number | null =>
  (grid.heldFrames ?? 0) > 0 ? Math.max(1, grid.totalFrames - chunk.firstFrame) : null;

/** From the source's frames (input 0) to one file per rung; a copied rung uses the same packets. */
export function rungArgs(work: Work): string[] {
  const { plan, chunk, pathOf } = work;
  const video = `0:v:${plan.source.videoStream}`;
  // Output -t counts from zero under -copyts: only a frame count ends a chunk at the right frame.
  const frames = chunk.frames ?? heldTo(work);
  const length = frames === null ? [] : ["-frames:v", String(frames)];
  const graph = graphOf(work);
  const outputs = plan.rungs.flatMap((rung, n) => [
    ...["-map", rung.copied ? video : `[v${n}]`],
    ...length,
    ...(rung.copied ? asItIs(plan.grid) : encoded(rung, work)),
    ...anonymous,
    ...["-video_track_timescale", String(plan.grid.rate.num)],
    ...asTimed,
    ...["-movflags", VIDEO_FLAGS, "-f", "mp4", pathOf(rung)],
  ]);
  // A copy is still decoded once: damage that a decoder hides must not reach viewers.
  const proof = ["-map", video, ...length, "-fps_mode", "passthrough", "-f", "null", "-"];
  return [...graph, ...outputs, ...(graph.length > 0 ? [] : proof)];
}

/**
 * Decodes one span once for all rungs. The pre-roll is decoded
 * and dropped by `fps=start_time`; the last chunk has no limit and extends to the end of the file.
 */
export function encodeArgs(work: Work & { url: string }): string[] {
  const { plan, chunk, encoder } = work;
  const { rate, preRoll } = plan.grid;
  const seek = chunk.firstFrame === 0 ? 0 : secondsAt(chunk.firstFrame, rate) - preRoll;
  const feed = sourceInput(work.url, plan.source, Math.max(0, seek));
  return [...quiet, "-progress", "pipe:1", ...encoder.init, ...feed, ...rungArgs(work)];
}
