/** Arguments for outputs that copy instead of encode: the progressive MP4, and text tracks as WebVTT. */
import type { SourceFacts } from "@storagex/contract/tasks/task";
import { fences, joinedInput, onTimeline, quiet } from "./encode-args.ts";

/** Bytes of the index per picture: its size, duration, offset, keyframe, use, and a run of its own for it and the sound beside it. */
const FRAME_INDEX_BYTES = 4 + 8 + 8 + 4 + 1 + 2 * 20;
/** Bytes of the index per AAC frame: its size and duration. */
const AUDIO_INDEX_BYTES = 4 + 8;
const HEADER_BYTES = 64 * 1024;

/**
 * Bytes that an MP4's index can take at most, by FFmpeg's boxes (stsz, stts, ctts, stss, sdtp, stsc, co64). Kept free at the
 * head while the pictures are written: `+faststart` would move them afterwards, and read and write a long film once more.
 */
export const indexBytes = ({ pictures, sounds }: { pictures: number; sounds: number }): number =>
  HEADER_BYTES + FRAME_INDEX_BYTES * pictures + AUDIO_INDEX_BYTES * sounds;

/**
 * The last frame stands as long as the one before it: where a track counts few ticks a second (12.5 frames: 25) FFmpeg's
 * demuxer takes one of them for its length.
 */
const LAST_AS_LONG =
  "setts=pts=PTS:dts=DTS:duration=" +
  "if(gt(NEXT_DTS\\,DTS)\\,NEXT_DTS-DTS\\,if(gt(PREV_OUTDURATION\\,0)\\,PREV_OUTDURATION\\,DURATION))";

/** Our own chunks, joined, to one MP4 whose index stands first. */
export const remuxArgs = (work: {
  video: string;
  audio: string | null;
  /** The segments carry their own parameter sets. */
  inBand: boolean;
  /** Bytes kept for the index; FFmpeg fails where it needs more. */
  indexRoom: number;
  file: string;
}): string[] => [
  ...quiet,
  ...["-progress", "pipe:1"],
  ...joinedInput(work.video),
  ...(work.audio === null ? [] : joinedInput(work.audio)),
  ...["-map", "0:v:0", ...(work.audio === null ? [] : ["-map", "1:a:0"]), "-c", "copy"],
  ...["-bsf:v", LAST_AS_LONG],
  // A player that does not know the name refuses the file; under `avc1` it would show the later chunks broken.
  ...(work.inBand ? ["-tag:v", "avc3"] : []),
  ...["-map_metadata", "-1", "-fflags", "+bitexact", "-moov_size", String(work.indexRoom)],
  ...["-f", "mp4", work.file],
];

/** One text track of the source, on the same timeline as picture and sound. */
export const captionArgs = (work: {
  url: string;
  source: SourceFacts;
  stream: number;
  file: string;
}): string[] => [
  ...quiet,
  ...fences(work.source.decoders, work.source.demuxer),
  ...onTimeline(work.source.origin),
  ...["-i", work.url, "-map", `0:s:${work.stream}`, "-vn", "-an", "-dn"],
  ...["-c:s", "webvtt", "-map_metadata", "-1", "-f", "webvtt", work.file],
];

/** FFmpeg's muxers of containers with an index. */
export type CopyFormat = "mov" | "mp4" | "matroska";

/**
 * Where a source's tracks may be copied to, the likeliest first; none holds all codecs. What came in MOV or MP4 stays
 * there, as Matroska would lose how the picture is turned: MOV holds what editors write, MP4 what browsers record (Opus,
 * FLAC, VP9, AV1).
 */
export const copyFormats = ({ container }: SourceFacts): readonly [CopyFormat, ...CopyFormat[]] =>
  container === "mov" ? ["mov", "mp4"] : ["matroska", "mov"];

/** The source's accepted tracks, packet for packet, in a container with an index. */
export const copyArgs = (work: {
  url: string;
  source: SourceFacts;
  format: CopyFormat;
  file: string;
}): string[] => {
  const { source } = work;
  return [
    ...quiet,
    ...["-progress", "pipe:1"],
    ...fences(source.decoders, source.demuxer),
    // Old containers leave out times; no packet may be dropped for it.
    ...["-fflags", "+genpts", "-i", work.url, "-map", `0:v:${source.videoStream}`],
    ...source.audio.flatMap(({ stream, right }) => [
      ...["-map", `0:a:${stream}`],
      ...(right === undefined ? [] : ["-map", `0:a:${right}`]),
    ]),
    ...source.text.flatMap((track) => ["-map", `0:s:${track.stream}`]),
    ...["-c", "copy", "-max_interleave_delta", "0"],
    ...["-f", work.format, work.file],
  ];
};
