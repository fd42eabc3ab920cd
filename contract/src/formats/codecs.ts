/**
 * The codecs that a source may use. A key is ffprobe's name for the codec. `decoders` lists FFmpeg's decoders
 * that may read it, because builds differ in which they have and prefer; it is left out where the only
 * decoder is named like the codec.
 * An entry is here because people have such files and its decoder is widely used and fuzzed (intra-only, raw
 * and PCM formats are also simple). `e2e/media/formats.ts` runs a file of each through the whole pipeline.
 * What is left out and why: docs/formats.md.
 */

import { OTHER_CODECS } from "./other-codecs.ts";

export type Codec = { /** The name that people use. */ name: string; decoders?: readonly string[] };

export const VIDEO_CODECS = {
  h264: { name: "H.264" },
  hevc: { name: "HEVC" },
  vp8: { name: "VP8", decoders: ["vp8", "libvpx"] },
  vp9: { name: "VP9", decoders: ["vp9", "libvpx-vp9"] },
  av1: { name: "AV1", decoders: ["libdav1d", "libaom-av1", "av1"] },
  mpeg4: { name: "MPEG-4 Visual (DivX, Xvid)" },
  mpeg2video: { name: "MPEG-2" },
  mpeg1video: { name: "MPEG-1" },
  prores: { name: "ProRes" },
  dnxhd: { name: "DNxHD, DNxHR" },
  cfhd: { name: "CineForm" },
  dvvideo: { name: "DV" },
  mjpeg: { name: "Motion JPEG" },
  hap: { name: "Hap" },
  qtrle: { name: "QuickTime Animation" },
  rawvideo: { name: "Uncompressed" },
  v210: { name: "Uncompressed 10 bit (v210)" },
  ffv1: { name: "FFV1" },
  huffyuv: { name: "HuffYUV" },
  ffvhuff: { name: "FFmpeg's HuffYUV" },
  utvideo: { name: "Ut Video" },
  theora: { name: "Theora" },
  h263: { name: "H.263" },
  flv1: { name: "Sorenson H.263 (Flash)", decoders: ["flv"] },
  flashsv: { name: "Flash Screen Video" },
  flashsv2: { name: "Flash Screen Video 2" },
  wmv1: { name: "WMV 7" },
  wmv2: { name: "WMV 8" },
  msmpeg4v2: { name: "Microsoft MPEG-4 v2" },
  msmpeg4v3: { name: "Microsoft MPEG-4 v3 (DivX 3)", decoders: ["msmpeg4"] },
  svq1: { name: "Sorenson Video 1" },
  cinepak: { name: "Cinepak" },
  zmbv: { name: "DOSBox capture (ZMBV)" },
} as const satisfies Record<string, Codec>;

export const AUDIO_CODECS = {
  aac: { name: "AAC" },
  aac_latm: { name: "AAC (LATM)" },
  mp3: { name: "MP3", decoders: ["mp3float", "mp3"] },
  mp2: { name: "MP2", decoders: ["mp2float", "mp2"] },
  ac3: { name: "Dolby Digital (AC-3)", decoders: ["ac3", "ac3_fixed"] },
  eac3: { name: "Dolby Digital Plus (E-AC-3)" },
  dts: { name: "DTS", decoders: ["dca"] },
  truehd: { name: "Dolby TrueHD" },
  mlp: { name: "MLP" },
  opus: { name: "Opus", decoders: ["opus", "libopus"] },
  vorbis: { name: "Vorbis", decoders: ["vorbis", "libvorbis"] },
  flac: { name: "FLAC" },
  alac: { name: "ALAC" },
  wmav1: { name: "WMA 1" },
  wmav2: { name: "WMA 2" },
  amr_nb: { name: "AMR-NB", decoders: ["amrnb", "libopencore_amrnb"] },
  amr_wb: { name: "AMR-WB", decoders: ["amrwb", "libopencore_amrwb"] },
  nellymoser: { name: "Nellymoser" },
  speex: { name: "Speex", decoders: ["speex", "libspeex"] },
  adpcm_ima_qt: { name: "ADPCM (IMA, QuickTime)" },
  adpcm_ima_wav: { name: "ADPCM (IMA)" },
  adpcm_ms: { name: "ADPCM (Microsoft)" },
  adpcm_swf: { name: "ADPCM (Flash)" },
  adpcm_yamaha: { name: "ADPCM (Yamaha)" },
  pcm_u8: { name: "PCM 8 bit" },
  pcm_s8: { name: "PCM 8 bit, signed" },
  pcm_s16le: { name: "PCM 16 bit" },
  pcm_s16be: { name: "PCM 16 bit, big-endian" },
  pcm_s24le: { name: "PCM 24 bit" },
  pcm_s24be: { name: "PCM 24 bit, big-endian" },
  pcm_s32le: { name: "PCM 32 bit" },
  pcm_s32be: { name: "PCM 32 bit, big-endian" },
  pcm_f32le: { name: "PCM float" },
  pcm_f32be: { name: "PCM float, big-endian" },
  pcm_f64le: { name: "PCM double float" },
  pcm_f64be: { name: "PCM double float, big-endian" },
  pcm_alaw: { name: "A-law" },
  pcm_mulaw: { name: "µ-law" },
  pcm_bluray: { name: "PCM (Blu-ray, AVCHD)" },
  pcm_dvd: { name: "PCM (DVD)" },
  s302m: { name: "PCM (SMPTE 302M)" },
} as const satisfies Record<string, Codec>;

export const TEXT_CODECS = {
  mov_text: { name: "3GPP timed text" },
  subrip: { name: "SubRip", decoders: ["subrip", "srt"] },
  ass: { name: "ASS, SSA", decoders: ["ass", "ssa"] },
  webvtt: { name: "WebVTT" },
} as const satisfies Record<string, Codec>;

export type VideoCodec = keyof typeof VIDEO_CODECS;
export type AudioCodec = keyof typeof AUDIO_CODECS;
export type TextCodec = keyof typeof TEXT_CODECS;

const ALL: ReadonlyMap<string, Codec> = new Map(
  [VIDEO_CODECS, AUDIO_CODECS, TEXT_CODECS].flatMap((table) => Object.entries<Codec>(table)),
);

const isKeyOf = (table: object, codec: string | undefined) =>
  codec !== undefined && Object.hasOwn(table, codec);
export const isVideoCodec = (codec: string | undefined): codec is VideoCodec => isKeyOf(VIDEO_CODECS, codec);
export const isAudioCodec = (codec: string | undefined): codec is AudioCodec => isKeyOf(AUDIO_CODECS, codec);
export const isTextCodec = (codec: string | undefined): codec is TextCodec => isKeyOf(TEXT_CODECS, codec);

/**
 * The name that people use, for pages, notes and failure messages; FFmpeg's own name for a codec that has no
 * other.
 */
export const codecName = (codec: string): string => ALL.get(codec)?.name ?? OTHER_CODECS.get(codec) ?? codec;

const decodersOf = (codec: string): readonly string[] => {
  const found = ALL.get(codec);
  return found ? (found.decoders ?? [codec]) : [];
};

/** FFmpeg's decoders for a file's codecs, without duplicates; none for a codec that is not in the table. */
export const decoderNames = (codecs: readonly string[]): string[] => [...new Set(codecs.flatMap(decodersOf))];

/** What any decoder's name looks like: a plan of another release may name one that is not in this table. */
export const DECODER_NAME = /^[a-z0-9_-]+$/;

/**
 * Decoders of streams that are left out (cover art, bitmap subtitles): ffprobe opens one for each stream or
 * fails.
 */
const LEFT_OUT = [
  "png",
  "bmp",
  "gif",
  "webp",
  "dvdsub",
  "dvbsub",
  "pgssub",
  "xsub",
  "cc_dec",
  "libzvbi_teletextdec",
  "text",
];

/** Every decoder that ffprobe may open before the file's codecs are known. */
export const ALL_DECODERS: readonly string[] = [...decoderNames([...ALL.keys()]), ...LEFT_OUT];
