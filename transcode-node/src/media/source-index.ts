/** What the planner must know of a source's index: real duration, longest keyframe gap, and whether seeking is cheap. */
import type { Container } from "@storagex/contract/formats/containers";
import { gapOf, type ReadBytes, type SourceIndex, type SourceProbe } from "./index-facts.ts";
import { frameSeconds, lastPackets, packetIndex } from "./keyframes.ts";
import { matroskaCues } from "./matroska-index.ts";
import { movFacts, movTable } from "./mov-index.ts";
import { hasMxfIndex } from "./mxf-index.ts";
import { movingPicture } from "./probe.ts";

/** Asked once the file is probed; the reason for a file without a picture is `accept`'s to give. */
type Later = (work: SourceProbe) => Promise<SourceIndex>;

const NOTHING: SourceIndex = { duration: null, ends: new Map(), keyframeGap: null, seekable: false };
/** Sources whose packets are all read where the file has no index of its own: more would cost minutes. */
const MAX_SCAN_BYTES = 8 * 2 ** 30;

const unindexed: Later = async (work) => ({ ...NOTHING, ...(await lastPackets(work)) });

/** Every frame is a keyframe of the same size: FFmpeg finds a time by its place. */
const intra: Later = async (work) => ({
  ...(await lastPackets(work)),
  keyframeGap: frameSeconds(work.probed),
  seekable: true,
});

/**
 * Reads the container's own index where it has one (MP4/MOV, Matroska), before FFmpeg sees the file; what follows from it
 * and the probe is asked later (MPEG-TS, AVI and MXF: all packets are read then). Throws `source.truncated` where the file ends
 * before its own index says.
 */
export async function readIndex(container: Container, size: number, read: ReadBytes): Promise<Later> {
  const later = await byContainer(container, size, read);
  return async (work) => (movingPicture(work.probed) ? later(work) : NOTHING);
}

async function byContainer(container: Container, size: number, read: ReadBytes): Promise<Later> {
  if (container === "mov") {
    const table = await movTable(read, size);
    return async (work) => {
      const facts = movFacts(table, work);
      return facts.duration === null ? { ...facts, ...(await lastPackets(work)) } : facts;
    };
  }
  if (container === "matroska") {
    const cues = await matroskaCues(read, size);
    return async (work) => {
      const { duration, ends } = await lastPackets(work);
      const keyframes = cues?.map((time) => time - work.start) ?? null;
      return { duration, ends, keyframeGap: gapOf(keyframes, duration), seekable: cues !== null };
    };
  }
  if (container === "dv") return intra;
  const findable =
    container === "mpegts" || container === "avi" || (container === "mxf" && (await hasMxfIndex(read, size)));
  return findable && size <= MAX_SCAN_BYTES ? packetIndex : unindexed;
}
