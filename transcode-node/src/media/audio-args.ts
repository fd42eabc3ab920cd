/** FFmpeg's arguments for sound; every flag stands under the reason that it is there. */
import type { SourceFacts } from "@storagex/contract/task";
import { anonymous, asTimed, fences, type Opened, onTimeline, quiet } from "./args.ts";

const AUDIO_FLAGS = "+cmaf+empty_moov+default_base_moof+frag_discont+skip_sidx+skip_trailer";

const AAC_RATE = 48_000;
/** 94 AAC frames, 2.005 s: the fragment closes at the first frame boundary past this (microseconds). */
const AUDIO_FRAGMENT_US = "2002000";

const aac = [
  ...["-ac", "2", "-c:a", "aac", "-b:a", "128k"],
  // The priming packet at pts -1024 would make the first tfdt 2^64-1024.
  ...["-bsf:a", "noise=drop=lt(pts\\,0)"],
  ...anonymous,
  ...asTimed,
  ...["-movflags", AUDIO_FLAGS, "-frag_duration", AUDIO_FRAGMENT_US, "-f", "mp4", "pipe:1"],
];

/**
 * Seconds that the audio may be off before it is filled or trimmed at once: less than one AAC frame (21 ms at 48 kHz), so
 * that a single lost one is noticed, and more than the rounding of any container's clock, which must not be heard.
 */
const MAX_DRIFT = 0.015;

/** One audio track on the whole timeline to stdout: holes and a late start are filled, so it stays in step with the frames. */
export const audioArgs = (work: { url: string; source: Opened; stream: number }): string[] => [
  ...quiet,
  ...fences(work.source.decoders, work.source.demuxer),
  // A change of channels or rate must end the run: built anew, the filter would begin at zero again.
  ...["-reinit_filter", "0"],
  ...onTimeline(work.source.origin),
  ...["-i", work.url, "-map", `0:a:${work.stream}`, "-vn", "-sn", "-dn"],
  ...["-af", `aresample=${AAC_RATE}:async=1:min_hard_comp=${MAX_DRIFT}:first_pts=0`],
  ...aac,
];

/** Silence for a track that was declared and holds no sound: the plan is final, so the rendition must exist. */
export const silenceArgs = (seconds: number): string[] => [
  ...quiet,
  ...["-f", "lavfi", "-i", `anullsrc=r=${AAC_RATE}:cl=stereo`, "-t", seconds.toFixed(3)],
  ...aac,
];

/** The file that `evenArgs` makes, as a source. */
export const EVEN_SOURCE = { demuxer: "matroska", decoders: ["flac"], origin: 0 };

/** A track whose channels or rate change midway, in one form and on its own timeline, lossless. */
export const evenArgs = (work: {
  url: string;
  source: SourceFacts;
  stream: number;
  file: string;
}): string[] => [
  ...quiet,
  ...fences(work.source.decoders, work.source.demuxer),
  ...onTimeline(work.source.origin),
  ...["-i", work.url, "-map", `0:a:${work.stream}`, "-vn", "-sn", "-dn"],
  ...["-ar", String(AAC_RATE), "-ac", "2", "-c:a", "flac", "-compression_level", "0"],
  ...["-map_metadata", "-1", "-f", "matroska", work.file],
];
