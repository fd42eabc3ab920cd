/** One small file for each entry of the table of formats: its encoder and its container. */
import { join } from "node:path";
import type { AudioCodec, VideoCodec } from "@storagex/contract/formats/codecs";
import type { Container } from "@storagex/contract/formats/containers";
import { clipOf } from "../testing/media-clips.ts";

export type FormatSample = {
  /** Its name distinguishes container and codecs from all others. */
  file: string;
  container: Container;
  video: VideoCodec;
  audio: AudioCodec;
  /** Size as displayed. */
  shown: string;
  args: readonly string[];
  /** Max colour error (0–255): codecs with few colours or strong compression differ more. */
  colour: number;
};

export const SECONDS = 1.2;
export const RATE = 25;
/** When the frame turns white and the tone sounds, both for a fifth of a second. */
export const FLASH_AT = 0.4;
const FLASH = `between(t,${FLASH_AT},${FLASH_AT + 0.19})`;

/** The colours of the four quarters, left to right and top to bottom: dark, so that white stands out. */
export const QUARTERS = [
  { at: [0.25, 0.25], rgb: [0xb0, 0x20, 0x20] },
  { at: [0.75, 0.25], rgb: [0x20, 0x80, 0x30] },
  { at: [0.25, 0.75], rgb: [0x20, 0x30, 0xb0] },
  { at: [0.75, 0.75], rgb: [0x50, 0x50, 0x50] },
] as const;

const hex = (rgb: readonly number[]) =>
  `0x${rgb.map((value) => value.toString(16).padStart(2, "0")).join("")}`;

/** Coloured quarters that turn white, drawn in RGB: the encoder does the colour conversion of the source. */
const frames = (size: string) => {
  const [first, second, third, fourth] = QUARTERS.map(({ rgb }) => hex(rgb));
  const box = (x: string, y: string, colour: string | undefined) =>
    `drawbox=x=${x}:y=${y}:w=iw/2:h=ih/2:color=${colour}:t=fill`;
  const all = [
    `color=${first}:size=${size}:rate=${RATE}:duration=${SECONDS},format=gbrp`,
    ...[box("iw/2", "0", second), box("0", "ih/2", third), box("iw/2", "ih/2", fourth)],
    `drawbox=color=white:t=fill:enable='${FLASH}'`,
  ];
  return ["-f", "lavfi", "-i", all.join(",")];
};

const beep = (rate: number) => [
  ...["-f", "lavfi", "-i"],
  `aevalsrc='if(between(t,${FLASH_AT},${FLASH_AT + 0.2}),0.5*sin(1000*2*PI*t),0)':d=${SECONDS}:s=${rate}`,
];

/** `shown` where pixels are not square. */
type Encoder = { args: string; size?: string; shown?: string; colour?: number };
const video = (args: string, more: Omit<Encoder, "args"> = {}): Encoder => ({ args, ...more });

/** Keys are the codec names of the table. */
const VIDEO: Record<VideoCodec, Encoder> = {
  h264: video("libx264 -preset ultrafast -bf 2 -pix_fmt yuv420p"),
  hevc: video("libx265 -preset ultrafast -x265-params log-level=error -pix_fmt yuv420p"),
  vp8: video("libvpx -deadline realtime -b:v 500k -pix_fmt yuv420p"),
  vp9: video("libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 500k -pix_fmt yuv420p"),
  av1: video("libsvtav1 -preset 12 -pix_fmt yuv420p"),
  mpeg4: video("mpeg4 -q:v 2 -bf 1"),
  mpeg2video: video("mpeg2video -q:v 2 -bf 2"),
  mpeg1video: video("mpeg1video -q:v 2"),
  prores: video("prores_ks -profile:v 0 -pix_fmt yuv422p10le"),
  // Its frames always declare BT.709.
  dnxhd: video("dnxhd -vf scale=out_color_matrix=bt709 -profile:v dnxhr_sq -pix_fmt yuv422p", {
    size: "256x144",
  }),
  cfhd: video("cfhd -pix_fmt yuv422p10le"),
  dvvideo: video("dvvideo -pix_fmt yuv420p", { size: "720x576", shown: "768x576" }),
  mjpeg: video("mjpeg -q:v 2 -pix_fmt yuvj420p"),
  hap: video("hap -pix_fmt rgba", { size: "160x96" }),
  qtrle: video("qtrle -pix_fmt rgb24"),
  rawvideo: video("rawvideo -pix_fmt uyvy422"),
  v210: video("v210 -pix_fmt yuv422p10le"),
  ffv1: video("ffv1 -pix_fmt yuv422p"),
  huffyuv: video("huffyuv -pix_fmt yuv422p"),
  ffvhuff: video("ffvhuff -pix_fmt yuv420p"),
  utvideo: video("utvideo -pix_fmt yuv422p"),
  theora: video("libtheora -q:v 9 -pix_fmt yuv420p"),
  h263: video("h263 -q:v 2", { size: "176x144" }),
  flv1: video("flv -q:v 2"),
  flashsv: video("flashsv -pix_fmt bgr24"),
  flashsv2: video("flashsv2 -pix_fmt bgr24"),
  wmv1: video("wmv1 -q:v 2"),
  wmv2: video("wmv2 -q:v 2"),
  msmpeg4v2: video("msmpeg4v2 -q:v 2"),
  msmpeg4v3: video("msmpeg4 -q:v 2"),
  svq1: video("svq1 -q:v 1 -pix_fmt yuv410p", { colour: 24 }),
  cinepak: video("cinepak -pix_fmt rgb24", { size: "160x96", colour: 24 }),
  zmbv: video("zmbv -pix_fmt bgr0"),
};

type Sound = { args: string; rate?: number; file?: string };
const sound = (args: string, more: Omit<Sound, "args"> = {}): Sound => ({ args, ...more });
const plain = (codec: string) => sound(`${codec} -ac 2`);

const AUDIO: Record<AudioCodec, Sound> = {
  aac: plain("aac"),
  aac_latm: sound("aac -ac 2 -mpegts_flags latm"),
  mp3: plain("libmp3lame"),
  mp2: plain("mp2"),
  ac3: plain("ac3"),
  eac3: plain("eac3"),
  dts: plain("dca -strict -2"),
  truehd: plain("truehd -strict -2"),
  mlp: plain("mlp -strict -2"),
  opus: plain("libopus"),
  vorbis: plain("libvorbis"),
  flac: plain("flac -strict -2"),
  alac: plain("alac"),
  wmav1: plain("wmav1"),
  wmav2: plain("wmav2"),
  // FFmpeg has no encoder: the same tone, encoded by OpenCORE and VisualOn, recorded for this test and free
  // to use (CC0).
  amr_nb: sound("copy", { file: "beep.amr" }),
  amr_wb: sound("copy", { file: "beep.awb" }),
  nellymoser: sound("nellymoser -ac 1", { rate: 44_100 }),
  speex: sound("libspeex -ac 1", { rate: 16_000 }),
  adpcm_ima_qt: plain("adpcm_ima_qt"),
  adpcm_ima_wav: plain("adpcm_ima_wav"),
  adpcm_ms: plain("adpcm_ms"),
  adpcm_swf: sound("adpcm_swf -ac 1", { rate: 22_050 }),
  adpcm_yamaha: plain("adpcm_yamaha"),
  pcm_u8: plain("pcm_u8"),
  pcm_s8: plain("pcm_s8"),
  pcm_s16le: plain("pcm_s16le"),
  pcm_s16be: plain("pcm_s16be"),
  pcm_s24le: plain("pcm_s24le"),
  pcm_s24be: plain("pcm_s24be"),
  pcm_s32le: plain("pcm_s32le"),
  pcm_s32be: plain("pcm_s32be"),
  pcm_f32le: plain("pcm_f32le"),
  pcm_f32be: plain("pcm_f32be"),
  pcm_f64le: plain("pcm_f64le"),
  pcm_f64be: plain("pcm_f64be"),
  pcm_alaw: sound("pcm_alaw -ac 1", { rate: 8000 }),
  pcm_mulaw: plain("pcm_mulaw"),
  pcm_bluray: plain("pcm_bluray"),
  pcm_dvd: plain("pcm_dvd"),
  s302m: plain("s302m -strict -2"),
};

const words = (text: string) => text.split(" ").filter((word) => word !== "");

function sample(
  ending: string,
  container: Container,
  codec: VideoCodec,
  audio: AudioCodec,
  mux = "",
): FormatSample {
  const { args, size = "160x90", shown = size, colour = 10 } = VIDEO[codec];
  const { args: encode, rate = 48_000, file } = AUDIO[audio];
  const heard = file ? ["-i", join(import.meta.dirname, "files", file)] : beep(rate);
  return {
    file: `${codec}-${audio}.${ending}`,
    ...{ container, video: codec, audio, shown, colour },
    args: [
      ...[...frames(size), ...heard, "-map", "0:v", "-map", "1:a"],
      ...words(`-c:v ${args} -c:a ${encode} -metadata:s:a language=und ${mux}`),
    ],
  };
}

// biome-ignore format: one file a line.
export const SAMPLES: readonly FormatSample[] = [
  sample("mp4", "mov", "h264", "aac"),
  sample("mkv", "matroska", "h264", "flac"),
  sample("ts", "mpegts", "h264", "aac_latm"),
  sample("m2ts", "mpegts", "h264", "pcm_bluray", "-mpegts_m2ts_mode 1"),
  sample("flv", "flv", "h264", "speex"),
  sample("mxf", "mxf", "h264", "pcm_s16le", "-bf 0"),
  sample("avi", "avi", "h264", "mp3", "-bf 0"),
  sample("mp4", "mov", "hevc", "eac3", "-tag:v hvc1"),
  sample("ts", "mpegts", "hevc", "ac3"),
  sample("mkv", "matroska", "hevc", "dts"),
  sample("webm", "matroska", "vp8", "vorbis"),
  sample("webm", "matroska", "vp9", "opus"),
  sample("mp4", "mov", "vp9", "flac"),
  sample("mp4", "mov", "av1", "opus"),
  sample("webm", "matroska", "av1", "opus"),
  sample("avi", "avi", "mpeg4", "mp3"),
  sample("mp4", "mov", "mpeg4", "aac"),
  sample("ts", "mpegts", "mpeg2video", "s302m"),
  sample("vob", "mpeg", "mpeg2video", "pcm_dvd"),
  sample("mpg", "mpeg", "mpeg2video", "ac3", "-f vob"),
  sample("mxf", "mxf", "mpeg2video", "pcm_s24le"),
  sample("mpg", "mpeg", "mpeg1video", "mp2"),
  sample("mov", "mov", "prores", "pcm_s24be"),
  sample("mkv", "matroska", "prores", "pcm_f64le"),
  sample("mov", "mov", "dnxhd", "pcm_s32be"),
  sample("mxf", "mxf", "dnxhd", "pcm_s24le"),
  sample("mov", "mov", "cfhd", "pcm_s16be"),
  sample("dv", "dv", "dvvideo", "pcm_s16le", "-aspect 4:3"),
  sample("avi", "avi", "dvvideo", "pcm_s16le", "-aspect 4:3"),
  sample("mov", "mov", "mjpeg", "pcm_s8"),
  sample("avi", "avi", "mjpeg", "pcm_u8"),
  sample("mov", "mov", "hap", "pcm_f32be"),
  sample("mov", "mov", "qtrle", "adpcm_ima_qt"),
  sample("avi", "avi", "rawvideo", "pcm_s32le"),
  sample("mov", "mov", "v210", "pcm_f64be"),
  sample("mkv", "matroska", "ffv1", "truehd"),
  sample("avi", "avi", "huffyuv", "adpcm_ms"),
  sample("mkv", "matroska", "ffvhuff", "mlp"),
  sample("avi", "avi", "utvideo", "adpcm_yamaha"),
  sample("ogv", "ogg", "theora", "vorbis"),
  sample("ogv", "ogg", "theora", "speex"),
  sample("3gp", "mov", "h263", "amr_nb"),
  sample("3gp", "mov", "h263", "amr_wb"),
  sample("flv", "flv", "flv1", "nellymoser"),
  sample("flv", "flv", "flashsv", "pcm_alaw"),
  sample("flv", "flv", "flashsv2", "adpcm_swf"),
  sample("wmv", "asf", "wmv1", "wmav1"),
  sample("wmv", "asf", "wmv2", "wmav2"),
  sample("avi", "avi", "msmpeg4v2", "adpcm_ima_wav"),
  sample("avi", "avi", "msmpeg4v3", "mp3"),
  sample("mov", "mov", "svq1", "pcm_mulaw"),
  sample("mov", "mov", "cinepak", "alac"),
  sample("mkv", "matroska", "zmbv", "pcm_f32le"),
];

export const sampleFile = ({ file, args }: FormatSample): Promise<string> => clipOf(file, args);
