/** FFmpeg's arguments for audio, each flag with its reason. */
import type { AudioTrack } from "@storagex/contract/tasks/plan";
import { mixOf } from "./audio-mix.ts";
import { anonymous, asTimed, fences, type Opened, onTimeline, quiet } from "./encode-args.ts";

const AUDIO_FLAGS = "+cmaf+empty_moov+default_base_moof+frag_discont+skip_sidx+skip_trailer";

/** Sample rate of every audio rendition. */
export const AAC_RATE = 48_000;
/** Samples of an AAC frame; the encoder puts one of silence before its input. */
const AAC_FRAME = 1024;
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
 * Seconds that the audio may drift before it is filled or trimmed at once: less than one AAC frame (21 ms at
 * 48 kHz), so that a single lost frame is noticed, and more than the rounding of any container's clock, which
 * must not become audible.
 */
const MAX_DRIFT = 0.015;

/** Measures loudness; its values per frame are not logged, its summary at the end is (`loudnessOf`). */
const METER = "ebur128=framelog=verbose";

type Work = {
  url: string;
  source: Opened;
  track: Pick<AudioTrack, "stream" | "right" | "channels" | "layout">;
};

/** Places the track's samples on the timeline. */
const TIMED = `aresample=${AAC_RATE}:async=1:min_hard_comp=${MAX_DRIFT}:first_pts=0`;

/** The track, or its separate left and right streams, as stereo on the timeline. */
function stereoOf({ stream, right, channels, layout }: Work["track"]): string[] {
  if (right === undefined) {
    const { filter } = mixOf({ stream, channels, layout });
    // In floating point, so that a sum of channels is not clipped before its gain.
    return ["-map", `0:a:${stream}`, "-af", `${TIMED}:osf=fltp,${filter},${METER}`];
  }
  const graph = [
    `[0:a:${stream}]${TIMED}[left]`,
    `[0:a:${right}]${TIMED}[right]`,
    `[left][right]join=inputs=2:channel_layout=stereo:map=0.0-FL|1.0-FR,${METER}[stereo]`,
  ];
  return ["-filter_complex", graph.join(";"), "-map", "[stereo]"];
}

/**
 * One audio track on the whole timeline to stdout: gaps and a late start are filled, so it stays in sync with
 * the frames.
 */
export const audioArgs = ({ url, source, track }: Work): string[] => [
  ...quiet,
  // The meter logs at this level.
  ...["-loglevel", "info"],
  ...fences(source.decoders, source.demuxer),
  // A change of channels or rate must end the run: a rebuilt filter would start at zero again.
  ...["-reinit_filter", "0"],
  ...onTimeline(source.origin),
  ...["-i", url, ...stereoOf(track), "-vn", "-sn", "-dn"],
  ...aac,
];

/** The meter's value for a silent track. */
const UNHEARD = -70;

/** Integrated loudness (EBU R128) in LUFS as a run of `audioArgs` measured it; null for silence. */
export function loudnessOf(stderr: string): number | null {
  const said = [...stderr.matchAll(/Integrated loudness:\s+I:\s+(-?[\d.]+) LUFS/g)].at(-1)?.[1];
  const loudness = Number(said ?? UNHEARD);
  return loudness > UNHEARD ? loudness : null;
}

/**
 * `samples` samples of silence from sample `from` of the timeline on, `from` being the end of an AAC frame,
 * or 0.
 */
export const silenceArgs = ({ from, samples }: { from: number; samples: number }): string[] => [
  ...quiet,
  ...["-f", "lavfi", "-i", `anullsrc=r=${AAC_RATE}:cl=stereo`],
  // After the start, the encoder's own first frame is no priming: it continues the audio before it.
  ...["-af", `atrim=end_sample=${samples},asetpts=PTS+${from > 0 ? from + AAC_FRAME : 0}`],
  ...aac,
];

/** The file that `evenArgs` makes, as a source, and its track. */
export const EVEN_SOURCE = { demuxer: "matroska", decoders: ["flac"], origin: 0 };
export const EVEN_TRACK = { stream: 0, channels: 2, layout: "stereo" };

/** Max bytes of the file that `evenArgs` makes of `seconds`: more than 16-bit stereo that cannot be compressed. */
export const evenBytes = (seconds: number): number => Math.ceil(64 * 2 ** 20 + seconds * 300_000);

/** Converts a track whose channels or rate change midway to one format on its own timeline, lossless. */
export const evenArgs = (work: Work & { file: string }): string[] => [
  ...quiet,
  ...fences(work.source.decoders, work.source.demuxer),
  ...onTimeline(work.source.origin),
  ...["-i", work.url, "-map", `0:a:${work.track.stream}`, "-vn", "-sn", "-dn"],
  // Rebuilt for each format: mono and surround are each mixed by their own rule.
  ...["-af", mixOf(work.track).filter],
  // Otherwise sources of 24 bits are kept so: half as large again, for AAC.
  ...["-ar", String(AAC_RATE), "-ac", "2", "-sample_fmt", "s16", "-c:a", "flac", "-compression_level", "0"],
  ...["-map_metadata", "-1", "-f", "matroska", work.file],
];
