/** Runs ffprobe on a source through the loopback proxy and parses its JSON strictly. */

import { ALL_DECODERS } from "@storagex/contract/formats/codecs";
import { z } from "zod";
import { fences } from "../args/encode-args.ts";
import { MediaFailure, reportableCodec } from "../failure.ts";
import { runTool } from "../run/ffmpeg.ts";
import { endedFromOutside } from "../run/from-outside.ts";
import { probedChapterSchema } from "./chapters.ts";

const text = z.string();
const numeric = z.coerce.number();

const sideDataSchema = z.object({
  rotation: numeric.optional(),
  /** Of a Dolby Vision record. */
  dv_profile: numeric.optional(),
  dv_bl_signal_compatibility_id: numeric.optional(),
});

const streamSchema = z.object({
  index: z.number().int(),
  /** The PID in hex, in a transport stream. */
  id: text.optional(),
  codec_type: text.optional(),
  codec_name: text.optional(),
  codec_long_name: text.optional(),
  codec_tag_string: text.optional(),
  profile: text.optional(),
  width: z.number().int().optional(),
  height: z.number().int().optional(),
  sample_aspect_ratio: text.optional(),
  pix_fmt: text.optional(),
  color_space: text.optional(),
  color_transfer: text.optional(),
  color_primaries: text.optional(),
  color_range: text.optional(),
  level: z.number().int().optional(),
  field_order: text.optional(),
  /** How many frames the decoder reorders. */
  has_b_frames: z.number().int().optional(),
  r_frame_rate: text.optional(),
  nb_frames: numeric.optional(),
  avg_frame_rate: text.optional(),
  start_time: numeric.optional(),
  duration: numeric.optional(),
  bit_rate: numeric.optional(),
  channels: z.number().int().optional(),
  channel_layout: text.optional(),
  sample_rate: numeric.optional(),
  disposition: z
    .object({ default: z.number(), attached_pic: z.number() })
    .partial()
    .catchall(z.number())
    .default({}),
  tags: z.record(z.string(), text).default({}),
  side_data_list: z.array(sideDataSchema).default([]),
});
export type ProbedStream = z.infer<typeof streamSchema>;

const probeSchema = z.object({
  streams: z.array(streamSchema).default([]),
  programs: z
    .array(z.object({ streams: z.array(z.object({ index: z.number().int() })).default([]) }))
    .optional(),
  chapters: z.array(probedChapterSchema).optional(),
  format: z.object({
    format_name: text,
    start_time: numeric.optional(),
    duration: numeric.optional(),
    bit_rate: numeric.optional(),
  }),
});
export type Probed = z.infer<typeof probeSchema>;

/** Seconds for a probe of only streams and container. */
const PROBE_SECONDS = 120;
/** Max characters of ffprobe's output: a file with thousands of streams must not fill our memory. */
const MAX_ANSWER = 8 * 2 ** 20;

export type ProbeTools = {
  ffprobe: string;
  /** The attempt's folder: ffprobe writes nothing, but runs as its user. */
  folder: string;
  signal: AbortSignal;
  /** The demuxer that matches the file's magic bytes. */
  demuxer?: string;
  /**
   * Decoders outside our list, for audio tracks that will be left out. ffprobe opens one for every stream or
   * fails; it decodes nothing with them, because the demuxer's list stays.
   */
  unused?: readonly string[];
};

/** FFmpeg's message for a decoder that it may not open. */
const NOT_LISTED = /Codec \(([\w-]+)\) not on whitelist/g;

/** `take` gets stdout as it arrives. */
type Asking = { seconds: number; take(text: string): void };

/**
 * Runs ffprobe with `args` on `url` and returns its stderr. Throws `source.unsupported_codec` or
 * `source.damaged` where it cannot read the file, `transcoder.timeout` where it takes too long, and
 * `EndedFromOutside`.
 */
export async function ffprobe(
  tools: ProbeTools,
  args: string[],
  url: string,
  asking: Asking,
): Promise<string> {
  const decoder = new TextDecoder();
  const unused = tools.unused ? ["-codec_whitelist:a", [...ALL_DECODERS, ...tools.unused].join(",")] : [];
  const run = await runTool({
    tool: tools.ffprobe,
    args: [
      ...["-hide_banner", "-loglevel", "error", ...fences(ALL_DECODERS, tools.demuxer), ...unused],
      ...[...args, url],
    ],
    limits: { wallSeconds: asking.seconds, memoryBytes: 2 * 2 ** 30, fileBytes: 2 ** 20 },
    folder: tools.folder,
    signal: tools.signal,
    stdout: (bytes) => asking.take(decoder.decode(bytes, { stream: true })),
  });
  const { code, killedBy, stderr, timedOut } = run;
  if (code === 0) return stderr;
  if (/exceeds max_streams/.test(stderr))
    throw new MediaFailure("source.too_many_streams", stderr.slice(-300));
  if (timedOut) throw new MediaFailure("transcoder.timeout", `ffprobe took ${asking.seconds} s`);
  const outside = endedFromOutside(run);
  if (outside) throw outside;
  const said = `ffprobe ended with ${code ?? killedBy}: ${stderr.slice(-600)}`;
  const decoders = [...stderr.matchAll(NOT_LISTED)].flatMap(([, name]) => name ?? []);
  throw decoders.length === 0 ? new MediaFailure("source.damaged", said) : new NotListed(decoders, said);
}

/** ffprobe may not open one of `decoders`. */
class NotListed extends MediaFailure {
  readonly decoders: readonly string[];
  constructor(decoders: readonly string[], inside: string) {
    const codec = decoders[0];
    super("source.unsupported_codec", inside, {
      detail: codec === undefined ? undefined : { codec: reportableCodec(codec) },
    });
    this.decoders = decoders;
  }
}

/** FFmpeg's message for a frame beyond `-max_pixels`; it then reports no size at all. */
const TOO_LARGE = /exceeds specified max pixel count|Picture size \d+x\d+ is invalid/;

/** Up to 64 MB (and two minutes of them) are read where the first 5 MB hold no complete frame. */
const PATIENT = ["-probesize", "64M", "-analyzeduration", "120M"];

/**
 * Streams, programs and container of the file at `url`, and the tools with which ffprobe reads it. Throws
 * like `ffprobe`, and `source.too_large_picture`.
 */
export async function probe(given: ProbeTools, url: string): Promise<{ probed: Probed; tools: ProbeTools }> {
  try {
    return { probed: await probeWith(given, url), tools: given };
  } catch (error) {
    if (!(error instanceof NotListed)) throw error;
    // It fails again where the decoder is not an audio track's.
    const tools = { ...given, unused: error.decoders };
    const probed = await probeWith(tools, url).catch(async (again: unknown) => {
      throw again instanceof NotListed ? await named(again, tools, url) : again;
    });
    return { probed, tools };
  }
}

const KINDS = { Video: "video", Subtitle: "text" } as const;
/** A line of FFmpeg's list of the streams. */
const STREAM = /^ *Stream #0:\d+\S*: (Video|Subtitle): (\w+)/gm;

/** The failure with its track named: ffprobe lists the streams before it opens a decoder for any of them. */
async function named(failure: NotListed, tools: ProbeTools, url: string): Promise<MediaFailure> {
  const { stderr } = await runTool({
    tool: tools.ffprobe,
    args: ["-hide_banner", "-loglevel", "info", ...fences(ALL_DECODERS, tools.demuxer), url],
    limits: { wallSeconds: PROBE_SECONDS, memoryBytes: 2 * 2 ** 30, fileBytes: 2 ** 20 },
    folder: tools.folder,
    signal: tools.signal,
    stdout: () => {},
  });
  const listed = [...stderr.matchAll(STREAM)].map(([, kind, codec]) => ({ kind, codec }));
  const found = listed.find(({ codec = "" }) => failure.decoders.includes(codec));
  if (!found) return failure;
  const detail = { track: KINDS[found.kind as keyof typeof KINDS], codec: reportableCodec(found.codec) };
  return new MediaFailure(failure.code, failure.message, { cause: failure, detail });
}

async function probeWith(tools: ProbeTools, url: string): Promise<Probed> {
  const probed = await ask(tools, url, []);
  // The only frame of a still image in a program stream ends where the next one begins, or at the file's end.
  return videoStream(probed)?.width === 0 ? ask(tools, url, PATIENT) : probed;
}

async function ask(tools: ProbeTools, url: string, options: string[]): Promise<Probed> {
  let answer = "";
  const take = (text: string) => {
    answer += text;
    if (answer.length > MAX_ANSWER)
      throw new MediaFailure("source.too_many_streams", "ffprobe says too much");
  };
  const show = [
    ...options,
    "-show_streams",
    "-show_programs",
    "-show_chapters",
    "-show_format",
    "-of",
    "json",
  ];
  const stderr = await ffprobe(tools, show, url, { seconds: PROBE_SECONDS, take });
  const parsed = probeSchema.safeParse(JSON.parse(answer));
  if (!parsed.success) {
    throw new MediaFailure("source.damaged", "ffprobe's answer makes no sense", { cause: parsed.error });
  }
  const sizeless = videoStream(parsed.data)?.width === 0;
  if (sizeless && TOO_LARGE.test(stderr))
    throw new MediaFailure("source.too_large_picture", stderr.slice(-300));
  return parsed.data;
}

/** Cover art by its flag or, where its writer omitted it, one still image beside a video. */
const STILLS = new Set(["mjpeg", "png", "bmp", "gif", "webp"]);
const isCover = (stream: ProbedStream) => stream.disposition.attached_pic === 1;
const isStill = ({ codec_name = "", avg_frame_rate, nb_frames, tags }: ProbedStream) =>
  STILLS.has(codec_name) &&
  (nb_frames === 1 || tags.NUMBER_OF_FRAMES === "1" || (nb_frames === undefined && avg_frame_rate === "1/1"));

const areaOf = ({ width = 0, height = 0 }: ProbedStream) => width * height;

/** Each programme's first video, in the programme's order; empty where the file lists none. */
const ofPrograms = ({ programs = [] }: Probed, videos: readonly ProbedStream[]): ProbedStream[] =>
  programs.flatMap(({ streams }) => {
    const own = new Set(streams.map(({ index }) => index));
    return videos.find(({ index }) => own.has(index)) ?? [];
  });

/**
 * The video to encode: of several programs, the one with the largest frames (then the first), else the first
 * video stream. Cover art never is; a still image only where no other stream has moving video.
 */
export function videoStream(probed: Probed): ProbedStream | undefined {
  const videos = probed.streams.filter((stream) => stream.codec_type === "video" && !isCover(stream));
  const moving = videos.filter((stream) => !isStill(stream));
  const [first, ...others] = ofPrograms(probed, moving);
  const largest = first && others.reduce((a, b) => (areaOf(b) > areaOf(a) ? b : a), first);
  return largest ?? moving[0] ?? videos[0];
}
