/** Processes packets as ffprobe lists them: all of the file's where it has no index, or its last ones. */
import { MediaFailure } from "../failure.ts";
import type { Interval } from "../plan/frame-rate.ts";
import { ffprobe, type Probed, videoStream } from "../source/probe.ts";
import { GapFinder, IntervalFold, type SourceIndex, type SourceProbe } from "./facts.ts";
import { PointFold, type TimePoint } from "./time-points.ts";

const FIELDS = [
  "-show_entries",
  "packet=stream_index,pts_time,dts_time,duration_time,flags",
  "-of",
  "csv=p=0",
];
/** Seconds for a listing: it may read the whole file over the network. */
const LISTING_SECONDS = 3_000;

/** Packets are stored in decoding order: a jump back of this many seconds is another recording's clock. */
const RESTART_SECONDS = 0.5;

/**
 * Of the video stream, in seconds from the source's start; `ends` are those of the other streams, by their
 * index.
 */
export type Packets = {
  count: number;
  /** Frames whose packets have no timestamp, and the sum of their durations. */
  untimed: number;
  untimedSeconds: number;
  /** Decoding times of packets. */
  points: TimePoint[];
  /** Seconds from decoding to showing the first packet, where it is a keyframe and has both times. */
  delay: number | null;
  first: number;
  last: number;
  end: number;
  gap: number | null;
  restarts: boolean;
  ends: ReadonlyMap<number, number>;
  intervals: Interval[];
};

const timeIn = (words: readonly (string | undefined)[]) => {
  const word = words.find((each) => each !== undefined && each !== "" && !Number.isNaN(Number(each)));
  return word === undefined ? undefined : Number(word);
};

/**
 * Takes lines of `stream_index,pts_time,dts_time,duration_time,flags` (`N/A` for a missing value) in the
 * file's order.
 */
export class PacketFold {
  #start: number;
  #frames: number;
  #rest = "";
  #gaps = new GapFinder();
  #intervals = new IntervalFold();
  #points = new PointFold();
  #packets = 0;
  #decode = Number.NEGATIVE_INFINITY;
  #found = {
    ...{ count: 0, untimed: 0, untimedSeconds: 0, delay: null as number | null },
    ...{ first: Number.POSITIVE_INFINITY, last: 0, end: 0, restarts: false },
  };
  #ends = new Map<number, number>();

  /** `frames` is the index of the video stream, `start` where the source begins on the container's clock. */
  constructor(start: number, frames: number) {
    this.#start = start;
    this.#frames = frames;
  }

  take(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
  }

  /** The result for the lines so far. */
  packets(): Packets {
    const gap = this.#gaps.longest(this.#found.end);
    const [points, intervals] = [this.#points.points(), this.#intervals.intervals()];
    return { ...this.#found, gap, ends: this.#ends, intervals, points };
  }

  #line(line: string): void {
    const [index, pts, dts, duration, flags] = line.split(",");
    const time = timeIn([pts, dts]);
    if (flags === undefined) return;
    const stream = Number(index);
    const seconds = Number(duration) || 0;
    const packet = stream === this.#frames ? this.#packets++ : 0;
    if (time === undefined) {
      if (stream === this.#frames) this.#untimed(seconds);
      return;
    }
    const at = time - this.#start;
    const end = at + seconds;
    const isKey = flags.startsWith("K");
    if (stream === this.#frames) {
      const decoded = (timeIn([dts]) ?? time) - this.#start;
      if (isKey && packet === 0) this.#found.delay = at - decoded;
      this.#points.add({ packet, seconds: decoded });
      if (isKey) this.#gaps.add(at);
    }
    // Decoded for the following frames, and not shown: an edit list cuts it off.
    if (flags.includes("D")) return;
    if (stream === this.#frames) this.#frame({ at, end, decode: timeIn([dts]) });
    else this.#ends.set(stream, Math.max(end, this.#ends.get(stream) ?? 0));
  }

  #untimed(seconds: number): void {
    this.#found.untimed++;
    this.#found.untimedSeconds += seconds;
  }

  #frame({ at, end, decode }: { at: number; end: number; decode: number | undefined }): void {
    const found = this.#found;
    found.count++;
    found.first = Math.min(found.first, at);
    found.last = Math.max(found.last, at);
    found.end = Math.max(found.end, end);
    this.#intervals.add(at);
    if (decode === undefined) return;
    if (decode < this.#decode - RESTART_SECONDS) found.restarts = true;
    this.#decode = decode;
  }
}

/** The packets of the whole file, or of an `interval` of it (ffprobe's options). */
export async function packetsOf(work: SourceProbe, interval: string[] = []): Promise<Packets> {
  const fold = new PacketFold(work.start, videoStream(work.probed)?.index ?? 0);
  const take = (text: string) => fold.take(text);
  await ffprobe(work.tools, [...interval, ...FIELDS], work.url, { seconds: LISTING_SECONDS, take });
  return fold.packets();
}

/**
 * The index from all packets (reads the whole file once); gap and duration are null where there is no frame.
 */
export async function packetIndex(work: SourceProbe): Promise<SourceIndex> {
  const packets = await packetsOf(work);
  assertTimed(packets);
  const { gap: keyframeGap, count, first, end, restarts, ends, intervals } = packets;
  const found = { keyframeGap, ends, seekable: true, restarts, count, intervals, untimed: packets.untimed };
  return count > 0 ? { ...found, framesStart: first, duration: end } : { ...found, duration: null };
}

/** Frames of the whole file, which is read completely for it. */
export async function countFrames(work: SourceProbe): Promise<number> {
  return (await packetsOf(work)).count;
}

/** Packets at the beginning that determine the rate where no index lists the frames. */
const SPAN_PACKETS = 1500;

/** The first packets. */
export const firstPackets = (work: SourceProbe): Promise<Packets> =>
  packetsOf(work, ["-read_intervals", `%+#${SPAN_PACKETS}`]);

/** Throws `source.no_timestamps` where there are packets and none has a timestamp. */
function assertTimed({ count, untimed }: Packets): void {
  if (count === 0 && untimed > 0)
    throw new MediaFailure("source.no_timestamps", `${untimed} packets without a time`);
}

/** Seconds read at the file's end, growing until a frame is found there. */
const TAILS = [10, 120, Number.POSITIVE_INFINITY] as const;

/**
 * Where the streams end, in seconds from the source's start: the container's own duration may be any of them,
 * and a live recording has none. A stream that is not in `ends` ends before the last frame. `duration` is
 * null where there is no frame. Throws `source.no_timestamps`.
 */
export async function lastPackets(
  work: SourceProbe,
): Promise<Pick<SourceIndex, "duration" | "ends" | "intervals">> {
  const { start_time: begin = 0, duration } = work.probed.format;
  let ends: SourceIndex["ends"] = new Map();
  for (const tail of TAILS) {
    const from = duration === undefined ? 0 : Math.max(0, begin + duration - tail);
    const packets = await packetsOf(work, from > 0 ? ["-read_intervals", `${from.toFixed(3)}%`] : []);
    ends = new Map([...ends, ...packets.ends]);
    if (packets.count > 0) {
      const duration = Math.max(packets.end, packets.last + frameSeconds(work.probed)) || ONE_FRAME_SECONDS;
      return from > 0 ? { duration, ends } : { duration, ends, intervals: packets.intervals };
    }
    if (from > 0) continue;
    assertTimed(packets);
    break;
  }
  return { duration: null, ends };
}

/** For a single frame at zero without a duration or a rate. */
const ONE_FRAME_SECONDS = 0.04;

/** Seconds of a frame at the average rate; 0 where it is unknown. */
export const frameSeconds = (probed: Probed) => {
  const [num, den] = (videoStream(probed)?.avg_frame_rate ?? "0/0").split("/").map(Number);
  return num && den ? Math.min(1, den / num) : 0;
};
