/** FFmpeg's arguments for an encode, and what all runs share; every flag stands under the reason that it is there. */

import { FORMAT_WHITELIST } from "@storagex/contract/formats/containers";
import type { Rung } from "@storagex/contract/media/ladder";
import type { Chunk, Plan, SourceFacts } from "@storagex/contract/tasks/task";
import type { Encoder } from "../encoders/encoder.ts";
import { fitsHardware } from "../encoders/hardware.ts";
import { av1, software } from "../encoders/software.ts";
import { secondsAt } from "../plan/grid.ts";
import { frameFilters, rungFilter } from "./frame-filters.ts";

/** Pixels of one picture that a decoder may make (8192 × 4882). */
export const MAX_PIXELS = 40_000_000;

/** Quiet, deaf to the terminal, machine-readable progress. */
export const quiet = ["-hide_banner", "-loglevel", "warning", "-nostdin", "-y", "-nostats"];

/** Decoders of what we made ourselves. */
export const OUR_DECODERS = ["h264", "aac"] as const;

/**
 * Fences for a hostile file: everything before `-i` binds the demuxer and the decoders. `demuxer` names the one where it
 * is known: FFmpeg's own guess may be another one, as behind a few kilobytes of junk.
 */
export const fences = (decoders: readonly string[], demuxer?: string): string[] => [
  ...(demuxer === undefined ? [] : ["-f", demuxer]),
  // Only the loopback proxy can be reached.
  ...["-protocol_whitelist", "http,tcp"],
  // The protocol list alone lets a playlist fetch what its author wants: no demuxer that follows addresses.
  ...["-format_whitelist", FORMAT_WHITELIST],
  ...(decoders.length > 0 ? ["-codec_whitelist", decoders.join(",")] : []),
  // Longer than the proxy's own patience with the storage (microseconds): the proxy must be the one that gives up.
  ...["-rw_timeout", "150000000"],
  // What is on its way when FFmpeg goes elsewhere in the file was read from the storage in vain; it may be 30 MB by default.
  ...["-recv_buffer_size", String(256 * 1024)],
  // Checked at each decoded picture: the header's size may lie.
  ...["-max_pixels", String(MAX_PIXELS)],
];

/**
 * Our own fragments end to end, as an input that is read once, from its first byte to its last: FFmpeg would visit the head
 * of every fragment first, by a request each, to make itself an index. (`-seekable 0` prevents that too, but then FFmpeg 5
 * sleeps whenever one of two inputs has nothing to give: 14 s for a remux of half a second.)
 */
export const joinedInput = (url: string, decoders: readonly string[] = OUR_DECODERS): string[] => [
  ...fences(decoders),
  ...["-fflags", "+ignidx", "-i", url],
];

/**
 * One timeline for every run on a source, whichever streams the run uses: what stands at `origin` on the container's clock
 * is at zero. The microsecond is lost in every stream's ticks. Without it FFmpeg 5 takes an offset that is exactly the
 * container's start for its own, and moves it to the start of the streams in use (transport and program streams).
 */
export const onTimeline = (origin: number | undefined): string[] =>
  origin === undefined
    ? ["-copyts", "-start_at_zero"]
    : ["-copyts", "-itsoffset", (1e-6 - origin).toFixed(6)];

/** To `seconds` of the timeline: on the container's own clock, because FFmpeg would count from the start that this run finds. */
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
  // With accurate seek the last frame before a long gap is dropped and its slot filled with a later one.
  "-noaccurate_seek",
  ...onTimeline(origin),
  // A picture that changes its size midway must not build the filters anew: fps would begin at the chunk's start again.
  ...["-reinit_filter", "0"],
  ...seekTo(seek, origin),
  ...["-i", url],
];

/** Nothing of the source's metadata (GPS, names) and nothing of the build goes into the output. */
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

/** Times are written as they are: the muxer must not shift them, or chunks would not join. */
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

/** frag_discont: tfdt counts from the timeline's zero, not the chunk's. negative_cts_offsets: the first picture is at its tfdt. */
const VIDEO_FLAGS =
  "+cmaf+frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets+frag_discont+skip_sidx+skip_trailer";

/** Who encodes a rung: AV1 and sizes that no hardware takes are for software. */
const encoderOf = (rung: Rung, encoder: Encoder): Encoder => {
  if (rung.codec === "av1") return { ...software, args: av1 };
  return fitsHardware(rung) ? encoder : software;
};

type Work = { plan: Plan; chunk: Chunk; files: string[]; encoder: Encoder };

/** The source's packets as they are: they stand on the grid already. */
const asItIs = ({ rate, segmentFrames }: Plan["grid"]): string[] => [
  ...["-c:v", "copy"],
  // What is written beside the frames (a camera's place and serial number, captions) stays with the source.
  ...["-bsf:v", "filter_units=remove_types=6"],
  // Further keyframes within a segment open none: only one that comes at the segment's end does (half a frame's grace).
  ...["-min_frag_duration", String(Math.round(1e6 * secondsAt(segmentFrames - 0.5, rate)))],
];

/** From the pictures on the grid. */
const encoded = (rung: Rung, { plan, encoder }: Work): string[] => [
  // The fps filter has made the grid; nothing may add or drop a frame after it.
  ...["-fps_mode", "passthrough", "-enc_time_base", `${plan.grid.rate.den}:${plan.grid.rate.num}`],
  ...encoderOf(rung, encoder).args(rung, plan),
];

/** The filters that make `[v0]`, `[v1]` … of the rungs that are encoded; nothing where none is. */
function graphOf({ plan, chunk, encoder }: Work): string[] {
  const made = plan.rungs.flatMap((rung, n) => (rung.copied ? [] : [{ rung, n }]));
  if (made.length === 0) return [];
  const held = chunk.frames === null ? (plan.grid.heldFrames ?? 0) : 0;
  const first = [
    frameFilters(plan, secondsAt(chunk.firstFrame, plan.grid.rate)),
    // The audio goes on: the last frame stands to its end.
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

/** From the source's pictures (input 0) to one file per rung, a copied rung from the same packets. */
export function rungArgs(work: Work): string[] {
  const { plan, chunk, files } = work;
  const picture = `0:v:${plan.source.videoStream}`;
  // Output -t counts from zero under -copyts: only a frame count ends a chunk where it should.
  const length = chunk.frames === null ? [] : ["-frames:v", String(chunk.frames)];
  const graph = graphOf(work);
  const outputs = plan.rungs.flatMap((rung, n) => [
    ...["-map", rung.copied ? picture : `[v${n}]`],
    ...length,
    ...(rung.copied ? asItIs(plan.grid) : encoded(rung, work)),
    ...anonymous,
    ...["-video_track_timescale", String(plan.grid.rate.num)],
    ...asTimed,
    ...["-movflags", VIDEO_FLAGS, "-f", "mp4", files[n] ?? ""],
  ]);
  // A copy is decoded once all the same: damage that a decoder would hide must not reach a viewer's.
  const proof = ["-map", picture, ...length, "-fps_mode", "passthrough", "-f", "null", "-"];
  return [...graph, ...outputs, ...(graph.length > 0 ? [] : proof)];
}

/**
 * One span decoded once for all rungs; `files` are the scratch paths, one per rung. The pre-roll is decoded and dropped by
 * `fps=start_time`; the last chunk has no limit and goes to the end of the file.
 */
export function encodeArgs(work: Work & { url: string }): string[] {
  const { plan, chunk, encoder } = work;
  const { rate, preRoll } = plan.grid;
  const seek = chunk.firstFrame === 0 ? 0 : secondsAt(chunk.firstFrame, rate) - preRoll;
  const feed = sourceInput(work.url, plan.source, Math.max(0, seek));
  return [...quiet, "-progress", "pipe:1", ...encoder.init, ...feed, ...rungArgs(work)];
}
