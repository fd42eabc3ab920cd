/** What the planner must know of a source's index: real duration, longest keyframe gap, and whether seeking is cheap. */

import type { Container } from "@storagex/contract/formats/containers";
import { gapOf, type ReadBytes, type SourceIndex } from "./index-facts.ts";
import { frameSeconds, lastPacket, packetIndex } from "./keyframes.ts";
import { matroskaCues } from "./matroska-index.ts";
import { movFacts, movTable } from "./mov-index.ts";
import { hasMxfIndex } from "./mxf-index.ts";
import { movingPicture, type Probed, type ProbeTools } from "./probe.ts";

/** Asked once the file is probed; the reason for a file without a picture is `accept`'s to give. */
type Later = (probed: Probed, tools: ProbeTools, url: string) => Promise<SourceIndex>;

const NOTHING: SourceIndex = { duration: null, keyframeGap: null, seekable: false };
/** Sources whose packets are all read where the file has no index of its own: more would cost minutes. */
const MAX_SCAN_BYTES = 8 * 2 ** 30;

const unindexed: Later = async (probed, tools, url) => ({
  ...NOTHING,
  duration: await lastPacket({ probed, tools, url }),
});

/** Every frame is a keyframe of the same size: FFmpeg finds a time by its place. */
const intra: Later = async (probed, tools, url) => ({
  duration: await lastPacket({ probed, tools, url }),
  keyframeGap: frameSeconds(probed),
  seekable: true,
});

const scanned: Later = (probed, tools, url) => packetIndex({ probed, tools, url });

/**
 * Reads the container's own index where it has one (MP4/MOV, Matroska), before FFmpeg sees the file; what follows from it
 * and the probe is asked later (MPEG-TS, AVI and MXF: all packets are read then). Throws `source.truncated` where the file ends
 * before its own index says.
 */
export async function readIndex(container: Container, size: number, read: ReadBytes): Promise<Later> {
  const later = await byContainer(container, size, read);
  return async (probed, tools, url) => (movingPicture(probed) ? later(probed, tools, url) : NOTHING);
}

async function byContainer(container: Container, size: number, read: ReadBytes): Promise<Later> {
  if (container === "mov") {
    const table = await movTable(read, size);
    return async (probed, tools, url) => {
      const facts = movFacts(table, probed);
      return { ...facts, duration: facts.duration ?? (await lastPacket({ probed, tools, url })) };
    };
  }
  if (container === "matroska") {
    const cues = await matroskaCues(read, size);
    return async (probed, tools, url) => {
      const duration = await lastPacket({ probed, tools, url });
      return { duration, keyframeGap: gapOf(cues, duration), seekable: cues !== null };
    };
  }
  if (container === "dv") return intra;
  const findable =
    container === "mpegts" || container === "avi" || (container === "mxf" && (await hasMxfIndex(read, size)));
  return findable && size <= MAX_SCAN_BYTES ? scanned : unindexed;
}
