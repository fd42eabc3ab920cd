/** Arguments for outputs that copy instead of encode: the progressive MP4, and text tracks as WebVTT. */
import type { SourceFacts } from "@storagex/contract/tasks/plan";
import { fences, joinedInput, onTimeline, quiet } from "./encode-args.ts";

/**
 * Index bytes per frame: size, duration, offset, keyframe, dependency, and a separate run for it and for the
 * audio beside it.
 */
const FRAME_INDEX_BYTES = 4 + 8 + 8 + 4 + 1 + 2 * 20;
/** Index bytes per AAC frame: size and duration. */
const AUDIO_INDEX_BYTES = 4 + 8;
const HEADER_BYTES = 64 * 1024;

/**
 * Max bytes of an MP4's index, by FFmpeg's boxes (stsz, stts, ctts, stss, sdtp, stsc, co64). They are
 * reserved at the head while the frames are written: `+faststart` would move the frames afterwards, and so
 * read and write a long video once more.
 */
export const indexBytes = ({
  videoFrames,
  audioFrames,
}: {
  videoFrames: number;
  audioFrames: number;
}): number => HEADER_BYTES + FRAME_INDEX_BYTES * videoFrames + AUDIO_INDEX_BYTES * audioFrames;

/**
 * The last frame gets the duration of the one before it: in a track with few ticks a second (12.5 frames: 25)
 * FFmpeg's demuxer takes one tick for its duration.
 */
const LAST_AS_LONG =
  "setts=pts=PTS:dts=DTS:duration=" +
  "if(gt(NEXT_DTS\\,DTS)\\,NEXT_DTS-DTS\\,if(gt(PREV_OUTDURATION\\,0)\\,PREV_OUTDURATION\\,DURATION))";

/** Our own chunks, joined, to one MP4 with the index first. */
export const remuxArgs = (work: {
  video: string;
  audio: string | null;
  /** The segments contain their own parameter sets. */
  inBand: boolean;
  /** Bytes reserved for the index; FFmpeg fails where it needs more. */
  indexRoom: number;
  file: string;
}): string[] => [
  ...quiet,
  ...["-progress", "pipe:1"],
  ...joinedInput(work.video),
  ...(work.audio === null ? [] : joinedInput(work.audio)),
  ...["-map", "0:v:0", ...(work.audio === null ? [] : ["-map", "1:a:0"]), "-c", "copy"],
  ...["-bsf:v", LAST_AS_LONG],
  // A player that does not know `avc3` refuses the file; under `avc1` it would show the later chunks broken.
  ...(work.inBand ? ["-tag:v", "avc3"] : []),
  ...["-map_metadata", "-1", "-fflags", "+bitexact", "-moov_size", String(work.indexRoom)],
  ...["-f", "mp4", work.file],
];

/** One text track of the source, on the same timeline as video and audio. */
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
 * Containers for a copy of a source's tracks, the most likely first; none holds all codecs. MOV or MP4
 * sources stay in these, as Matroska would lose the rotation: MOV holds what editing software writes, MP4
 * what browsers record (Opus, FLAC, VP9, AV1).
 */
export const copyFormats = ({ container }: SourceFacts): readonly [CopyFormat, ...CopyFormat[]] =>
  container === "mov" ? ["mov", "mp4"] : ["matroska", "mov"];

/** Copies the packets of the source's accepted tracks into a container with an index. */
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
    // Old containers omit timestamps; no packet may be dropped because of that.
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
