/** The codecs that a source may use, and the decoders FFmpeg may open for them: everything else is refused. */

/** Codec name as ffprobe says it → decoders that may take it (builds differ in which they prefer). */
const VIDEO: Record<string, readonly string[]> = {
  h264: ["h264"],
  hevc: ["hevc"],
  vp8: ["vp8", "libvpx"],
  vp9: ["vp9", "libvpx-vp9"],
  av1: ["libdav1d", "libaom-av1", "av1"],
  mpeg4: ["mpeg4"],
  mpeg2video: ["mpeg2video"],
  mpeg1video: ["mpeg1video"],
  msmpeg4v3: ["msmpeg4"],
  msmpeg4v2: ["msmpeg4v2"],
  mjpeg: ["mjpeg"],
  prores: ["prores"],
  dnxhd: ["dnxhd"],
  dvvideo: ["dvvideo"],
  h263: ["h263"],
  flv1: ["flv"],
  vp6f: ["vp6f"],
  wmv1: ["wmv1"],
  wmv2: ["wmv2"],
  wmv3: ["wmv3"],
  vc1: ["vc1"],
  theora: ["theora"],
  ffv1: ["ffv1"],
  huffyuv: ["huffyuv"],
  svq3: ["svq3"],
  cinepak: ["cinepak"],
};
const AUDIO: Record<string, readonly string[]> = {
  aac: ["aac"],
  mp3: ["mp3float", "mp3"],
  mp2: ["mp2float", "mp2"],
  ac3: ["ac3", "ac3_fixed"],
  eac3: ["eac3"],
  dts: ["dca"],
  truehd: ["truehd"],
  opus: ["opus", "libopus"],
  vorbis: ["vorbis", "libvorbis"],
  flac: ["flac"],
  alac: ["alac"],
  wmav1: ["wmav1"],
  wmav2: ["wmav2"],
  wmapro: ["wmapro"],
  amr_nb: ["amrnb", "libopencore_amrnb"],
  amr_wb: ["amrwb", "libopencore_amrwb"],
  nellymoser: ["nellymoser"],
  speex: ["speex", "libspeex"],
  adpcm_ima_qt: ["adpcm_ima_qt"],
  adpcm_ima_wav: ["adpcm_ima_wav"],
  adpcm_ms: ["adpcm_ms"],
  pcm_u8: ["pcm_u8"],
  pcm_s16le: ["pcm_s16le"],
  pcm_s16be: ["pcm_s16be"],
  pcm_s24le: ["pcm_s24le"],
  pcm_s24be: ["pcm_s24be"],
  pcm_s32le: ["pcm_s32le"],
  pcm_s32be: ["pcm_s32be"],
  pcm_f32le: ["pcm_f32le"],
  pcm_f32be: ["pcm_f32be"],
  pcm_alaw: ["pcm_alaw"],
  pcm_mulaw: ["pcm_mulaw"],
};
const TEXT: Record<string, readonly string[]> = {
  mov_text: ["mov_text"],
  subrip: ["subrip", "srt"],
  ass: ["ass", "ssa"],
  ssa: ["ssa", "ass"],
  webvtt: ["webvtt"],
};

export const VIDEO_DECODERS: ReadonlySet<string> = new Set(Object.keys(VIDEO));
export const AUDIO_DECODERS: ReadonlySet<string> = new Set(Object.keys(AUDIO));
export const TEXT_DECODERS: ReadonlySet<string> = new Set(Object.keys(TEXT));

/** Streams that we leave out, yet ffprobe opens a decoder for each stream or gives up: cover art and picture subtitles. */
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

/** Every decoder ffprobe may open before the file's codecs are known. */
export const ALL_DECODERS: readonly string[] = [
  ...[VIDEO, AUDIO, TEXT].flatMap((table) => Object.values(table).flat()),
  ...LEFT_OUT,
];

/** Decoder names for a file's codecs, each once. */
export const decoderNames = (codecs: readonly string[]): string[] => [
  ...new Set(codecs.flatMap((codec) => VIDEO[codec] ?? AUDIO[codec] ?? TEXT[codec] ?? [])),
];
