/** Packets as ffprobe lists them: all of a video stream's where the container keeps no index, or only its last ones. */
import { ffprobe, movingPicture, type Probed, type ProbeTools } from "./probe.ts";

type Work = { tools: ProbeTools; url: string; probed: Probed };
type Packet = { at: number; end: number; key: boolean };

const FIELDS = ["-show_entries", "packet=pts_time,dts_time,duration_time,flags", "-of", "csv=p=0"];

/** Lines of `pts_time,dts_time,duration_time,flags`; `N/A` where a packet does not say. */
export function parsePackets(text: string, start: number): Packet[] {
  return text.split("\n").flatMap((line) => {
    const [pts, dts, duration, flags] = line.split(",");
    const at = [pts, dts].map(Number).find((time) => !Number.isNaN(time));
    if (at === undefined || flags === undefined || pts === "") return [];
    return [{ at: at - start, end: at - start + (Number(duration) || 0), key: flags.startsWith("K") }];
  });
}

const endOf = (packets: Packet[]) => packets.reduce((end, packet) => Math.max(end, packet.end), 0);

const startOf = (work: Work) => work.probed.format.start_time ?? 0;

async function packetsOf(work: Work, interval: string[]): Promise<Packet[]> {
  const stream = movingPicture(work.probed);
  if (!stream) return [];
  const select = ["-select_streams", String(stream.index)];
  const { stdout } = await ffprobe(work.tools, [...select, ...interval, ...FIELDS], work.url);
  return parsePackets(stdout, startOf(work));
}

/** Every packet of the picture (the whole file crosses the wire once): keyframes and end in seconds from the start. */
export async function packetIndex(work: Work): Promise<{ keyframes: number[]; end: number | null }> {
  const packets = await packetsOf(work, []);
  const keyframes = packets.filter((packet) => packet.key).map((packet) => packet.at);
  return { keyframes: keyframes.sort((a, b) => a - b), end: packets.length > 0 ? endOf(packets) : null };
}

/** Seconds read at the file's end, growing until a picture is found there. */
const TAILS = [10, 120, Number.POSITIVE_INFINITY] as const;

/**
 * End of the last picture in seconds from the container's start: the container's own duration may be its sound's, and a
 * live recording has none. Null where the stream has no picture.
 */
export async function lastPacket(work: Work): Promise<number | null> {
  const start = startOf(work);
  const claimed = work.probed.format.duration;
  for (const tail of TAILS) {
    const from = claimed === undefined ? 0 : Math.max(0, start + claimed - tail);
    const packets = await packetsOf(work, from > 0 ? ["-read_intervals", `${from.toFixed(3)}%`] : []);
    const last = packets.reduce((latest, packet) => Math.max(latest, packet.at), Number.NEGATIVE_INFINITY);
    if (packets.length > 0) return Math.max(endOf(packets), last + frameSeconds(work.probed));
    if (from === 0) return null;
  }
  return null;
}

const frameSeconds = (probed: Probed) => {
  const [num, den] = (movingPicture(probed)?.avg_frame_rate ?? "0/0").split("/").map(Number);
  return num && den ? Math.min(1, den / num) : 0;
};
