/** Packets as ffprobe lists them, folded as they come: all of the picture's where a container has no index, or its last ones. */
import { GapFinder, type SourceIndex } from "./index-facts.ts";
import { ffprobe, movingPicture, type Probed, type ProbeTools } from "./probe.ts";

type Work = { tools: ProbeTools; url: string; probed: Probed };

const FIELDS = ["-show_entries", "packet=pts_time,dts_time,duration_time,flags", "-of", "csv=p=0"];
/** Seconds for a listing: the whole file may cross the wire for it. */
const LISTING_SECONDS = 3_000;

/** Packets are stored in the order of decoding: so much backwards (seconds) is another recording's clock. */
const RESTART_SECONDS = 0.5;

/** Seconds from the container's start. */
export type Packets = { count: number; last: number; end: number; gap: number | null; restarts: boolean };

/** Takes lines of `pts_time,dts_time,duration_time,flags` (`N/A` where a packet does not say) in the file's order. */
export class PacketFold {
  #start: number;
  #rest = "";
  #gaps = new GapFinder();
  #decode = Number.NEGATIVE_INFINITY;
  #found = { count: 0, last: 0, end: 0, restarts: false };

  constructor(start: number) {
    this.#start = start;
  }

  take(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
  }

  /** What the lines so far come to. */
  packets(): Packets {
    return { ...this.#found, gap: this.#gaps.longest(this.#found.end) };
  }

  #line(line: string): void {
    const [pts, dts, duration, flags] = line.split(",");
    const time = [pts, dts].find((word) => word !== undefined && word !== "" && !Number.isNaN(Number(word)));
    if (time === undefined || flags === undefined) return;
    const at = Number(time) - this.#start;
    const found = this.#found;
    found.count++;
    found.last = Math.max(found.last, at);
    found.end = Math.max(found.end, at + (Number(duration) || 0));
    if (flags.startsWith("K")) this.#gaps.add(at);
    const decode = dts === "" ? Number.NaN : Number(dts);
    if (decode < this.#decode - RESTART_SECONDS) found.restarts = true;
    this.#decode = Number.isNaN(decode) ? this.#decode : decode;
  }
}

async function packetsOf(work: Work, interval: string[]): Promise<Packets> {
  const stream = movingPicture(work.probed);
  const fold = new PacketFold(work.probed.format.start_time ?? 0);
  const args = ["-select_streams", String(stream?.index ?? 0), ...interval, ...FIELDS];
  await ffprobe(work.tools, args, work.url, { seconds: LISTING_SECONDS, take: (text) => fold.take(text) });
  return fold.packets();
}

/** What all packets of the picture say (the whole file crosses the wire once); gap and duration null where there is none. */
export async function packetIndex(work: Work): Promise<SourceIndex> {
  const { gap, count, end, restarts } = await packetsOf(work, []);
  return { keyframeGap: gap, duration: count > 0 ? end : null, seekable: true, restarts, count };
}

/** Pictures of the whole file, which crosses the wire for it. */
export async function countPictures(work: Work): Promise<number> {
  return (await packetsOf(work, [])).count;
}

/** Seconds read at the file's end, growing until a picture is found there. */
const TAILS = [10, 120, Number.POSITIVE_INFINITY] as const;

/**
 * End of the last picture in seconds from the container's start: the container's own duration may be its sound's, and a
 * live recording has none. Null where the stream has no picture.
 */
export async function lastPacket(work: Work): Promise<number | null> {
  const { start_time: start = 0, duration } = work.probed.format;
  for (const tail of TAILS) {
    const from = duration === undefined ? 0 : Math.max(0, start + duration - tail);
    const packets = await packetsOf(work, from > 0 ? ["-read_intervals", `${from.toFixed(3)}%`] : []);
    if (packets.count > 0) return Math.max(packets.end, packets.last + frameSeconds(work.probed));
    if (from === 0) return null;
  }
  return null;
}

/** Seconds of a frame by the average rate; 0 where it is not known. */
export const frameSeconds = (probed: Probed) => {
  const [num, den] = (movingPicture(probed)?.avg_frame_rate ?? "0/0").split("/").map(Number);
  return num && den ? Math.min(1, den / num) : 0;
};
