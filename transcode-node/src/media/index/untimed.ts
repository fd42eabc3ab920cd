/**
 * Sources whose video packets mostly have no timestamp: H.264 and HEVC in a program or transport stream (of
 * other codecs FFmpeg's demuxer works the times out). Their frames are counted.
 */
import type { Container } from "@storagex/contract/formats/containers";
import { MediaFailure } from "../failure.ts";
import { perSecond } from "../plan/grid.ts";
import { declaredRates } from "../source/accept.ts";
import { countBoth } from "../source/field-packets.ts";
import { type ProbedStream, videoStream } from "../source/probe.ts";
import type { SourceIndex, SourceProbe } from "./facts.ts";
import { firstPackets, type Packets, packetsOf } from "./keyframes.ts";
import { type Line, lineThrough } from "./time-points.ts";

const MAY_OMIT_TIMES: ReadonlySet<Container> = new Set(["mpeg", "mpegts"]);
const CODECS = new Set(["h264", "hevc"]);
/** Share of packets; fewer are damage, which FFmpeg's own interpolation bridges. */
const MAX_UNTIMED = 0.2;
/** Relative difference of two durations of a frame that are the same. */
const SAME = 0.02;
/** Packets at the head that are decoded, and the max share of them that yields no frame. */
const HEAD_PACKETS = 120;
const MAX_SKIPPED = 0.4;

/**
 * `index`, corrected where most packets of the video have no timestamp. Throws `source.no_timestamps` where
 * the others do not show the rate, and like `ffprobe`.
 */
export async function withUntimed(
  index: SourceIndex,
  work: SourceProbe,
  container: Container,
): Promise<SourceIndex> {
  const stream = videoStream(work.probed);
  if (!stream || !MAY_OMIT_TIMES.has(container) || !CODECS.has(stream.codec_name ?? "")) return index;
  const { untimed, count = 0 } = index.untimed === undefined ? await firstPackets(work) : index;
  if (!isSparse({ untimed: untimed ?? 0, count })) return index;
  const packets = await packetsOf(work);
  const rates = Object.values(declaredRates(stream)).filter((rate) => rate !== null);
  const line = lineThrough(packets.points, rates) ?? lineOfOne(packets, stream);
  return (line && (await counted(line, packets, work))) ?? interpolated(packets);
}

const isSparse = ({ untimed, count }: Pick<Packets, "untimed" | "count">): boolean =>
  untimed > MAX_UNTIMED * (untimed + count);

/** Seconds of a packet without a timestamp, as the codec declares them. */
const ownSeconds = ({ untimed, untimedSeconds }: Packets): number => untimedSeconds / untimed;

/** In a clip with a single timestamp: at the rate that the codec declares. */
function lineOfOne(packets: Packets, stream: ProbedStream): Line | null {
  const [only, ...others] = packets.points;
  const { average } = declaredRates(stream);
  if (!only || others.length > 0 || !average || !isSame(perSecond(average) * ownSeconds(packets), 1))
    return null;
  return { start: only.seconds - only.packet / perSecond(average), rate: average };
}

const isSame = (a: number, b: number) => Math.abs(a / b - 1) <= SAME;

/** The index of frames that follow each other at the line's rate; null where packets are not frames. */
async function counted(
  { rate, start }: Line,
  packets: Packets,
  work: SourceProbe,
): Promise<SourceIndex | null> {
  const head = await countBoth(work, `#${HEAD_PACKETS}`);
  // A recording may begin between two keyframes: its first packets yield no frame.
  const skipped = head.packets - head.frames;
  if (skipped < 0 || skipped > MAX_SKIPPED * head.packets) return null;
  const count = packets.count + packets.untimed - skipped;
  const delay = packets.delay ?? (videoStream(work.probed)?.has_b_frames ?? 0) / perSecond(rate);
  const framesStart = start + skipped / perSecond(rate) + delay;
  return {
    ...uncopyable(packets),
    ...{ framesStart, duration: framesStart + count / perSecond(rate) },
    ...{ count, counted: rate },
  };
}

/**
 * With holes, or a varying rate: FFmpeg puts frames between two timestamps at the distance that the codec
 * declares, which must be the real one. Throws `source.no_timestamps` where it is not.
 */
export function interpolated(packets: Packets): SourceIndex {
  const { points, untimed, end } = packets;
  const seconds = ownSeconds(packets);
  const steps = points.slice(1).map((late, n) => {
    const early = points[n] ?? late;
    return (late.seconds - early.seconds) / Math.max(1, late.packet - early.packet);
  });
  const agreeing = steps.filter((step) => isSame(step, seconds)).length;
  if (2 * agreeing <= steps.length)
    throw new MediaFailure("source.no_timestamps", `${untimed} packets of ${seconds} s without a time`);
  const last = points.at(-1);
  const after = packets.count + untimed - (last?.packet ?? 0);
  const duration = Math.max(end, (last?.seconds ?? 0) + after * seconds);
  return {
    ...uncopyable(packets),
    ...{ framesStart: packets.first, duration },
    ...{ count: packets.count + untimed, intervals: [{ seconds, count: untimed }] },
  };
}

/** FFmpeg finds no place in a file without times. */
const uncopyable = ({ ends }: Packets) => ({
  ...{ ends, keyframeGap: null, seekable: false, isUncopyable: true },
});
