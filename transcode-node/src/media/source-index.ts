/** What the planner must know of a source's index: real duration, longest keyframe gap, and whether seeking is cheap. */
import { gapOf, type ReadBytes, type SourceIndex } from "./index-facts.ts";
import { lastPacket, packetIndex } from "./keyframes.ts";
import type { Container } from "./magic.ts";
import { matroskaIndex } from "./matroska-index.ts";
import { movIndex } from "./mov-index.ts";
import type { Probed, ProbeTools } from "./probe.ts";

export type IndexWork = {
  container: Container;
  size: number;
  read: ReadBytes;
  probed: Probed;
  tools: ProbeTools;
  url: string;
};

const picture = (probed: Probed) =>
  probed.streams.find((stream) => stream.codec_type === "video" && stream.disposition.attached_pic !== 1);

/** Sources whose packets are all read where the file has no index of its own: more would cost minutes. */
const MAX_SCAN_BYTES = 8 * 2 ** 30;

/**
 * Reads the container's own index where it has one (MP4/MOV, Matroska), else all packets (MPEG-TS, AVI). Throws
 * `source.truncated` where the file ends before its own index says.
 */
export async function indexOf(work: IndexWork): Promise<SourceIndex> {
  const stream = picture(work.probed);
  // The reason for a file without a picture is `accept`'s to give.
  if (!stream) return { duration: null, keyframeGap: null, lastKeyframe: null, seekable: false };
  const start = work.probed.format.start_time ?? 0;
  if (work.container === "mov") {
    const index = await movIndex(work.read, work.size, work.probed);
    return { ...index, duration: index.duration ?? (await lastPacket(work, stream)) };
  }
  if (work.container === "matroska") {
    const index = await matroskaIndex(work.read, work.size);
    const lastKeyframe = index.cues?.at(-1) ?? null;
    const duration = await lastPacket(work, stream);
    return {
      duration,
      lastKeyframe,
      keyframeGap: gapOf(index.cues, duration),
      seekable: index.cues !== null,
    };
  }
  if ((work.container === "mpegts" || work.container === "avi") && work.size <= MAX_SCAN_BYTES) {
    const { keyframes, end } = await packetIndex(work, stream, start);
    return {
      duration: end,
      lastKeyframe: keyframes.at(-1) ?? null,
      keyframeGap: gapOf(keyframes, end),
      seekable: true,
    };
  }
  return { duration: await lastPacket(work, stream), keyframeGap: null, lastKeyframe: null, seekable: false };
}
