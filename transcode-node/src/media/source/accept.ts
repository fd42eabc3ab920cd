/**
 * Decides whether a probed file may become a video, and returns the facts that encode and audio tasks need.
 */
import { MAX } from "@storagex/contract/bounds";
import { decoderNames, isTextCodec, isVideoCodec } from "@storagex/contract/formats/codecs";
import type { Rational, SourceFacts } from "@storagex/contract/tasks/plan";
import { MAX_PIXELS } from "../args/encode-args.ts";
import { MediaFailure, reportableCodec } from "../failure.ts";
import { rateForFrames } from "../plan/few-frames.ts";
import { type DeclaredRates, gridRate, type Interval, usualRate } from "../plan/frame-rate.ts";
import { perSecond } from "../plan/grid.ts";
import { durationOf, originOf } from "../plan/timeline.ts";
import { MAX_STREAMS } from "../run/limits.ts";
import { chooseAudio } from "./audio-tracks.ts";
import { coloursOf, hdrOf, matrixOf } from "./colours.ts";
import { type Probed, type ProbedStream, videoStream } from "./probe.ts";
import { ofOtherProgrammes } from "./programme.ts";
import { declaredInterlaced } from "./scan.ts";
import { languageOf, titleOf } from "./stream-tags.ts";

const MAX_SIDE = 8192;
const MAX_SECONDS = 24 * 3600;

const rational = (text: string | undefined): Rational | null => {
  const [num, den] = (text ?? "").split("/").map(Number);
  return num && den && num > 0 && den > 0 ? { num, den } : null;
};

const halved = (rate: Rational | null) => rate && { num: rate.num, den: 2 * rate.den };

/**
 * The container's two frame rates: for interlaced frames FFmpeg's real rate counts fields, so the average is
 * used instead; in a file that `countsFields` both count fields.
 */
export function declaredRates(stream: ProbedStream, countsFields = false): DeclaredRates {
  const real = rational(stream.r_frame_rate);
  const average = rational(stream.avg_frame_rate);
  if (countsFields) return { real: halved(average), average: halved(average) };
  const isOfFields =
    real &&
    average &&
    declaredInterlaced(stream) &&
    Math.abs(perSecond(real) / perSecond(average) / 2 - 1) < 0.001;
  return { real: isOfFields ? average : real, average };
}

const ofType = (probed: Probed, type: string) =>
  probed.streams.filter((stream) => stream.codec_type === type);

/** The video to encode: the first video stream that is not cover art. `at` counts among the video streams. */
function sourceVideo(probed: Probed): { at: number; stream: ProbedStream } {
  const videos = ofType(probed, "video");
  const stream = videoStream(probed);
  const at = stream ? videos.indexOf(stream) : -1;
  if (!stream) throw new MediaFailure("source.no_video", `${videos.length} video streams, none moving`);
  return { at, stream };
}

/**
 * FFmpeg's name of the codec. Throws `source.unsupported_codec`, which names it by FFmpeg's name or else by the
 * file's tag for it, and `source.unknown_codec` where neither is known.
 */
function videoCodecOf({ codec_name: codec = "unknown", codec_tag_string: tag = "" }: ProbedStream): string {
  if (isVideoCodec(codec)) return codec;
  const named = reportableCodec(codec === "unknown" || codec === "none" ? tag.toLowerCase() : codec);
  if (named === undefined) throw new MediaFailure("source.unknown_codec", `video in ${codec}, tag ${tag}`);
  throw new MediaFailure("source.unsupported_codec", `video in ${codec}`, {
    detail: { track: "video", codec: named },
  });
}

/** Degrees clockwise (0, 90, 180, 270) by which players rotate the video. */
const rotationOf = (stream: ProbedStream): number => {
  const matrix = stream.side_data_list.find((side) => side.rotation !== undefined)?.rotation ?? 0;
  return (((Math.round(-matrix / 90) * 90) % 360) + 360) % 360;
};

/** Size in square pixels as displayed: the pixel aspect widens the frame, a quarter turn swaps its sides. */
function displayed(stream: ProbedStream, rotation: number): { width: number; height: number } {
  const { width = 0, height = 0 } = stream;
  if (width < 2 || height < 2) throw new MediaFailure("source.damaged", `video of ${width}x${height}`);
  const [num, den] = (stream.sample_aspect_ratio ?? "1:1").split(":").map(Number);
  const aspect = num && den ? Math.min(8, Math.max(1 / 8, num / den)) : 1;
  const wide = Math.max(2, Math.round(aspect >= 1 ? width * aspect : width));
  const high = Math.max(2, Math.round(aspect >= 1 ? height : height / aspect));
  if (
    Math.max(width, height, wide, high) > MAX_SIDE ||
    wide * high > MAX_PIXELS ||
    width * height > MAX_PIXELS
  ) {
    throw new MediaFailure("source.too_large_picture", `${width}x${height}, shown as ${wide}x${high}`);
  }
  return rotation % 180 === 0 ? { width: wide, height: high } : { width: high, height: wide };
}

/** Width over height as FFmpeg's filters will see it, with the unchanged pixel aspect. */
function aspectOf({ width = 1, height = 1, sample_aspect_ratio }: ProbedStream, rotation: number): number {
  const [num, den] = (sample_aspect_ratio ?? "1:1").split(":").map(Number);
  const aspect = (num && den ? num / den : 1) * (width / height);
  return rotation % 180 === 0 ? aspect : 1 / aspect;
}

/** The decoded size as FFmpeg's filters will see it: turned. */
function frameOf({ width = 1, height = 1 }: ProbedStream, rotation: number): SourceFacts["frame"] {
  return rotation % 180 === 0 ? { width, height } : { width: height, height: width };
}

const bitDepthOf = (pixelFormat: string) => Number(/p(9|10|12|14|16)(le|be)?$/.exec(pixelFormat)?.[1] ?? 8);

/** What becomes renditions: the video stream and the accepted audio tracks. */
export function renditionStreams(probed: Probed): ProbedStream[] {
  const frames = videoStream(probed);
  if (!frames) return [];
  const audio = ofType(probed, "audio");
  const taken = chooseAudio(probed, frames).tracks.flatMap(({ stream, right }) =>
    [stream, right ?? []].flat(),
  );
  return [frames, ...taken.flatMap((stream) => audio[stream] ?? [])];
}

const textTracks = (probed: Probed, foreign: ReadonlySet<number>) =>
  ofType(probed, "subtitle")
    .map((stream, at) => ({ stream, at }))
    .filter(({ stream }) => isTextCodec(stream.codec_name) && !foreign.has(stream.index))
    .slice(0, 8)
    .map(({ stream, at }) => ({
      stream: at,
      codec: stream.codec_name ?? "",
      language: languageOf(stream),
      label: titleOf(stream),
    }));

/**
 * Measured by the caller: the source's start, and from there the ends of the last frame and of other streams
 * (seconds).
 */
type Measured = {
  container: string;
  /** Bytes of the file. */
  size: number;
  start: number;
  framesStart?: number | undefined;
  duration: number | null;
  ends: ReadonlyMap<number, number>;
  /** Number of frames, where they were counted. */
  frames: number | null;
  /** Intervals between frames, where they were read. */
  intervals?: readonly Interval[];
  /** The counts above are of fields, two of which make a frame. */
  countsFields?: boolean;
  /** As in `SourceIndex`. */
  counted?: Rational | undefined;
};

/**
 * The facts of an acceptable source. Throws a `MediaFailure` with the reason for anything that cannot or must
 * not be encoded.
 */
export function accept(probed: Probed, measured: Measured): SourceFacts {
  if (probed.streams.length > MAX_STREAMS) {
    throw new MediaFailure("source.too_many_streams", `${probed.streams.length} streams`);
  }
  const { at, stream } = sourceVideo(probed);
  // Matroska and WebM declare the key of encrypted tracks.
  if (probed.streams.some(({ tags }) => tags.enc_key_id !== undefined))
    throw new MediaFailure("source.encrypted", "a track names a key");
  const codec = videoCodecOf(stream);
  const size = displayed(stream, rotationOf(stream));
  const { duration: framesEnd, start, ends } = measured;
  if (framesEnd === null) throw new MediaFailure("source.no_media", "the video track has no packets");
  if (!(framesEnd > 0)) throw new MediaFailure("source.damaged", `a duration of ${framesEnd} s`);
  const duration = durationOf(
    framesEnd,
    renditionStreams(probed).map(({ index }) => ends.get(index)),
  );
  if (duration > MAX_SECONDS) throw new MediaFailure("source.too_long", `${duration} s`);
  const perFrame = measured.countsFields ? 2 : 1;
  const usual = usualRate(
    (measured.intervals ?? []).map(({ seconds, count }) => ({ seconds: seconds * perFrame, count })),
  );
  const { counted } = measured;
  const said = counted ? { real: counted, average: counted } : declaredRates(stream, measured.countsFields);
  const { rate: own, variable, own: ownFrameRate } = gridRate({ ...said, usual });
  const frames = measured.frames && measured.frames / perFrame;
  const rate = rateForFrames(own, frames, { framesEnd, duration, size: measured.size });
  const framesStart =
    measured.framesStart === undefined ? (stream.start_time ?? start) : start + measured.framesStart;
  const origin = originOf(start, framesStart, rate);
  const audio = chooseAudio(probed, stream).tracks;
  const texts = textTracks(probed, ofOtherProgrammes(probed, stream));
  return {
    container: measured.container,
    demuxer: measured.container,
    codec,
    ...size,
    origin,
    duration: duration + (start - origin),
    frameRate: rate,
    ownFrameRate: ownFrameRate ?? undefined,
    variableFrameRate: variable || rate !== own,
    ...(counted && { counted: { rate: counted, start: framesStart - origin } }),
    bitDepth: bitDepthOf(stream.pix_fmt ?? ""),
    interlaced: declaredInterlaced(stream),
    hdr: hdrOf(stream),
    matrix: matrixOf(stream),
    colours: coloursOf(stream),
    aspect: aspectOf(stream, rotationOf(stream)),
    frame: frameOf(stream, rotationOf(stream)),
    bitrate: Math.min(MAX.bitrate, Math.max(0, Math.round(stream.bit_rate ?? probed.format.bit_rate ?? 0))),
    decoders: decoderNames([
      codec,
      ...audio.map((track) => track.codec),
      ...texts.map((track) => track.codec),
    ]),
    videoStream: at,
    audio,
    text: texts,
  };
}
