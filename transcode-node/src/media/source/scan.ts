/** Whether a source's frames are woven of two fields: what is not known to be progressive is looked at, whatever its flags say. */
import type { SourceFacts } from "@storagex/contract/tasks/task";
import { quiet, sourceInput } from "../args/encode-args.ts";
import { runTool } from "../run/ffmpeg.ts";
import { lightLimits } from "../run/limits.ts";
import type { ProbedStream } from "./probe.ts";

/** FFmpeg's words for fields that alternate. */
const INTERLACED = new Set(["tt", "bb", "tb", "bt"]);
export const declaredInterlaced = ({ field_order }: ProbedStream): boolean =>
  INTERLACED.has(field_order ?? "");

/** Codecs that can hold interlaced frames, and whose decoders give them whole. */
const CAN_INTERLACE = new Set([
  ...["h264", "mpeg2video", "mpeg4", "vc1", "wmv3", "prores", "dnxhd", "cfhd", "dvvideo", "mjpeg"],
  ...["rawvideo", "v210", "ffv1", "huffyuv", "ffvhuff", "utvideo"],
]);
/** Where one stream may go on as another: what its first frames are says nothing of the rest. */
const MAY_CHANGE = new Set(["mpegts", "mpeg"]);
/** What states the scan with every frame, not for the stream. */
const PER_FRAME = new Set(["mpeg2video", "vc1"]);

/**
 * Sizes that interlaced video alone is made in, or nearly: tools that lose the flag leave such frames woven. 1920 by 1080 is
 * none: most uploads have that size, and are progressive.
 */
const INTERLACED_SIZES = new Set(["720x480", "720x486", "720x576", "704x480", "704x576", "1440x1080"]);
/** Frames a second that two fields each come to. */
const INTERLACED_RATES = [25, 30_000 / 1001, 30];

function looksLikeVideo({ width, height, avg_frame_rate = "" }: ProbedStream): boolean {
  const [num = 0, den = 1] = avg_frame_rate.split("/").map(Number);
  const isRate = INTERLACED_RATES.some((rate) => Math.abs(num / den / rate - 1) < 0.001);
  return isRate && INTERLACED_SIZES.has(`${width}x${height}`);
}

/**
 * Whether the frames may be interlaced though the container does not say so: `no`, `perhaps`, or `hardly` where it says that
 * they are not, and only what they are like speaks against it.
 */
export function uncertaintyOf(stream: ProbedStream, container: string): "no" | "hardly" | "perhaps" {
  const codec = stream.codec_name ?? "";
  if (!CAN_INTERLACE.has(codec) || declaredInterlaced(stream)) return "no";
  if (stream.field_order !== "progressive" || MAY_CHANGE.has(container) || PER_FRAME.has(codec))
    return "perhaps";
  return looksLikeVideo(stream) ? "hardly" : "no";
}

/** Frames of a span, and of the one that is worth a look where the frames are hardly interlaced. */
const SPAN = 75;
const GLANCE = 25;
/** Of the duration; a source that cannot be sought is looked at where it begins. */
const PLACES = [0.1, 0.5, 0.85] as const;
const SHORT_SECONDS = 4;
const SPAN_SECONDS = 60;

/** What FFmpeg's detector counted, apart for frames that are flagged as interlaced and for those that are not. */
export type Counts = { top: number; bottom: number; progressive: number; undetermined: number };
type Seen = { flagged: Counts; plain: Counts };

/** How the frames are made whole: not at all, by their flags, or by what is seen in them. */
export type Scan = { interlaced: boolean; by: "flags" | "content" };

/** From all spans. A clip with fine lines deceives the detector, but not into one order of the fields throughout. */
export function scanOf(spans: readonly Seen[]): Scan {
  const isWoven = ({ plain: { top, bottom, progressive } }: Seen) => {
    const [more, less] = [Math.max(top, bottom), Math.min(top, bottom)];
    return more >= MIN_WOVEN && less <= more * OTHER_ORDER && more >= WOVEN_SHARE * (more + progressive);
  };
  if (spans.some(isWoven)) return { interlaced: true, by: "content" };
  return { interlaced: spans.some(({ flagged }) => total(flagged) > 0), by: "flags" };
}

/**
 * Frames of a span that must be seen as woven, their share of those that are seen as anything, and the share of them that may
 * be seen in the other order of fields.
 */
const MIN_WOVEN = 10;
const WOVEN_SHARE = 0.95;
const OTHER_ORDER = 0.03;

const total = ({ top, bottom, progressive, undetermined }: Counts) =>
  top + bottom + progressive + undetermined;

/** FFmpeg's last words of the detector called `name`: it speaks at its graph's first, empty end too. */
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
  // The detector says its result at this level only.
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
 * Looks at a few spans of the source; at a single short one where its frames are `hardly` interlaced, and at all where that one
 * is. A span that cannot be decoded says nothing: whether the source can be is found out later.
 */
export async function probeScan(tools: ScanTools, source: Source, hardly: boolean): Promise<Scan> {
  const { duration } = source.facts;
  const isShort = duration < SHORT_SECONDS || !source.seekable;
  const see = async (place: Place): Promise<Seen> => {
    const { stderr } = await runTool({
      ...{ tool: tools.ffmpeg, folder: tools.folder, signal: tools.signal, stdout: "progress" },
      args: spanArgs(source, place),
      limits: lightLimits(SPAN_SECONDS, 2 ** 20),
    });
    return { flagged: countsOf(stderr, "flagged"), plain: countsOf(stderr, "plain") };
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
