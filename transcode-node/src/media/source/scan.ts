/**
 * Whether a source's frames are interlaced: everything not known to be progressive is scanned, whatever its
 * flags declare.
 */
import type { SourceFacts } from "@storagex/contract/tasks/plan";
import { quiet, sourceInput } from "../args/encode-args.ts";
import { runTool } from "../run/ffmpeg.ts";
import { endedFromOutside } from "../run/from-outside.ts";
import { lightLimits } from "../run/limits.ts";
import type { ProbedStream } from "./probe.ts";

/** FFmpeg's field orders of interlaced video. */
const INTERLACED = new Set(["tt", "bb", "tb", "bt"]);
export const declaredInterlaced = ({ field_order }: ProbedStream): boolean =>
  INTERLACED.has(field_order ?? "");

/** Codecs that can hold interlaced frames, and whose decoders output them as whole frames. */
const CAN_INTERLACE = new Set([
  ...["h264", "mpeg2video", "mpeg4", "vc1", "wmv3", "prores", "dnxhd", "cfhd", "dvvideo", "mjpeg"],
  ...["rawvideo", "v210", "ffv1", "huffyuv", "ffvhuff", "utvideo"],
]);
/** Containers in which a stream may change midway: its first frames say nothing about the rest. */
const MAY_CHANGE = new Set(["mpegts", "mpeg"]);
/** Codecs that declare the scan type with every frame, not for the stream. */
const PER_FRAME = new Set(["mpeg2video", "vc1"]);

/**
 * Sizes that only interlaced video has, or nearly so: tools that lose the flag leave such frames interlaced.
 * 1920 by 1080 is not one of them: most uploads have that size, and are progressive.
 */
const INTERLACED_SIZES = new Set(["720x480", "720x486", "720x576", "704x480", "704x576", "1440x1080"]);
/** Frame rates of interlaced video, two fields a frame. */
const INTERLACED_RATES = [25, 30_000 / 1001, 30];

function looksLikeVideo({ width, height, avg_frame_rate = "" }: ProbedStream): boolean {
  const [num = 0, den = 1] = avg_frame_rate.split("/").map(Number);
  const isRate = INTERLACED_RATES.some((rate) => Math.abs(num / den / rate - 1) < 0.001);
  return isRate && INTERLACED_SIZES.has(`${width}x${height}`);
}

/**
 * Whether the frames may be interlaced though the container does not declare it: `no`, `perhaps`, or `hardly`
 * where the container declares progressive and only the kind of frames contradicts it.
 */
export function uncertaintyOf(stream: ProbedStream, container: string): "no" | "hardly" | "perhaps" {
  const codec = stream.codec_name ?? "";
  if (!CAN_INTERLACE.has(codec) || declaredInterlaced(stream)) return "no";
  if (stream.field_order !== "progressive" || MAY_CHANGE.has(container) || PER_FRAME.has(codec))
    return "perhaps";
  return looksLikeVideo(stream) ? "hardly" : "no";
}

/** Frames of a span, and of the shorter span that is enough where the frames are hardly interlaced. */
const SPAN = 75;
const GLANCE = 25;
/** Shares of the duration; a source that cannot be seeked is scanned at its start. */
const PLACES = [0.1, 0.5, 0.85] as const;
const SHORT_SECONDS = 4;
const SPAN_SECONDS = 60;

/**
 * FFmpeg's detector counts, separate for frames that are flagged as interlaced and for those that are not.
 */
export type Counts = { top: number; bottom: number; progressive: number; undetermined: number };
type Seen = { flagged: Counts; plain: Counts };

/** Which frames are deinterlaced: none, those flagged as interlaced, or those whose content is. */
export type Scan = { interlaced: boolean; by: "flags" | "content" };

/**
 * From all spans. A video with fine lines deceives the detector, but not with the same field order
 * throughout.
 */
export function scanOf(spans: readonly Seen[]): Scan {
  const isWoven = ({ plain: { top, bottom, progressive } }: Seen) => {
    const [more, less] = [Math.max(top, bottom), Math.min(top, bottom)];
    return more >= MIN_WOVEN && less <= more * OTHER_ORDER && more >= WOVEN_SHARE * (more + progressive);
  };
  if (spans.some(isWoven)) return { interlaced: true, by: "content" };
  return { interlaced: spans.some(({ flagged }) => total(flagged) > 0), by: "flags" };
}

/**
 * Min frames of a span detected as interlaced, their min share of those with a decision, and the max share of
 * them with the other field order.
 */
const MIN_WOVEN = 10;
const WOVEN_SHARE = 0.95;
const OTHER_ORDER = 0.03;

const total = ({ top, bottom, progressive, undetermined }: Counts) =>
  top + bottom + progressive + undetermined;

/**
 * The last counts of the detector called `name` in FFmpeg's output: it also prints them at its graph's first,
 * empty end.
 */
export function countsOf(stderr: string, name: string): Counts {
  const words = new RegExp(`idet@${name} .*Multi frame detection: (.*)`, "g");
  const last = [...stderr.matchAll(words)].at(-1)?.[1] ?? "";
  const [top = 0, bottom = 0, progressive = 0, undetermined = 0] = (last.match(/\d+/g) ?? []).map(Number);
  return { top, bottom, progressive, undetermined };
}

export type ScanTools = { ffmpeg: string; folder: string; signal: AbortSignal };
type Source = { url: string; facts: SourceFacts; seekable: boolean };
type Place = { at: number; frames: number };

const spanArgs = ({ url, facts }: Source, { at, frames }: Place): string[] => [
  ...quiet,
  // The detector prints its result at this level only.
  ...["-loglevel", "info"],
  ...sourceInput(url, facts, at),
  "-filter_complex",
  [
    `[0:v:${facts.videoStream}]trim=end_frame=${frames},split[a][b]`,
    "[a]select='eq(interlace_type,PROGRESSIVE)',idet@plain[plain]",
    "[b]select='not(eq(interlace_type,PROGRESSIVE))',idet@flagged[flagged]",
  ].join(";"),
  ...["plain", "flagged"].flatMap((name) => ["-map", `[${name}]`, "-f", "null", "-"]),
];

/**
 * Scans a few spans of the source. Where its frames are `hardly` interlaced, scans one short span first, and
 * more only where that one is interlaced. A span that cannot be decoded does not count: later steps find out
 * whether the source can be decoded. Throws `EndedFromOutside`: what a killed FFmpeg did not count is no "progressive".
 */
export async function probeScan(tools: ScanTools, source: Source, hardly: boolean): Promise<Scan> {
  const { duration } = source.facts;
  const isShort = duration < SHORT_SECONDS || !source.seekable;
  const see = async (place: Place): Promise<Seen> => {
    const run = await runTool({
      ...{ tool: tools.ffmpeg, folder: tools.folder, signal: tools.signal, stdout: "progress" },
      args: spanArgs(source, place),
      limits: lightLimits(SPAN_SECONDS, 2 ** 20),
    });
    const outside = endedFromOutside(run);
    if (outside) throw outside;
    return { flagged: countsOf(run.stderr, "flagged"), plain: countsOf(run.stderr, "plain") };
  };
  if (hardly) {
    const glance = scanOf([await see({ at: isShort ? 0 : duration / 2, frames: GLANCE })]);
    if (!glance.interlaced) return glance;
  }
  const spans: Seen[] = [];
  for (const at of isShort ? [0] : PLACES.map((place) => place * duration))
    spans.push(await see({ at, frames: SPAN }));
  return scanOf(spans);
}
