/**
 * What the planner must know of a source's index: real duration, longest keyframe gap, and whether seeking is
 * cheap.
 */
import type { Container } from "@storagex/contract/formats/containers";
import { MediaFailure } from "../failure.ts";
import { assertClear, scrambling } from "../source/locked/assert-clear.ts";
import { videoStream } from "../source/probe.ts";
import { gapOf, type ReadBytes, type SourceIndex, type SourcePlaces, type SourceProbe } from "./facts.ts";
import { frameSeconds, lastPackets, packetIndex } from "./keyframes.ts";
import { type CuePlaces, type MatroskaIndex, matroskaIndex } from "./matroska.ts";
import { type MovTable, movFacts, movTable } from "./mov.ts";
import { hasMxfIndex } from "./mxf.ts";

/** Called once the file is probed; `accept` gives the reason for a file without video. */
type Later = (work: SourceProbe) => Promise<SourceIndex>;

const NOTHING: SourceIndex = { duration: null, ends: new Map(), keyframeGap: null, seekable: false };
/**
 * Max size of a source whose packets are all read where the file has no index of its own: more would cost
 * minutes.
 */
const MAX_SCAN_BYTES = 8 * 2 ** 30;

/** Only FFmpeg can read the file. */
export const unindexed: Later = async (work) => ({ ...NOTHING, ...(await lastPackets(work)) });

/** Every frame is a keyframe of the same size: FFmpeg computes its position from the time. */
const intra: Later = async (work) => ({
  ...(await lastPackets(work)),
  keyframeGap: frameSeconds(work.probed),
  seekable: true,
});

/** What runs once the file is probed, and the failure that explains why it cannot be probed. */
export type ReadIndex = { later: Later; explains: MediaFailure | null };

/**
 * Reads the container's own index where it has one (MP4/MOV, Matroska), before FFmpeg sees the file; the rest
 * is read after the probe (MPEG-TS, AVI and MXF: all packets are read then). Throws `source.truncated` where
 * samples are missing, and `source.encrypted`.
 */
export async function readIndex(container: Container, size: number, read: ReadBytes): Promise<ReadIndex> {
  await assertClear(container, read);
  const { later, explains = null } = await byContainer(container, size, read);
  return { explains, later: async (work) => (videoStream(work.probed) ? later(work) : NOTHING) };
}

async function byContainer(
  container: Container,
  size: number,
  read: ReadBytes,
): Promise<{ later: Later; explains?: MediaFailure | null }> {
  if (container === "mov") {
    const table = await movTable(read, size);
    return { later: table ? ofTable(table) : unindexed };
  }
  if (container === "matroska") {
    const index = await matroskaIndex(read, size);
    const cutOff = index.over === null ? null : new MediaFailure("source.truncated", index.over);
    return { later: ofCues(index, cutOff), explains: cutOff };
  }
  if (container === "dv") return { later: intra };
  const isFindable =
    container === "mpegts" || container === "avi" || (container === "mxf" && (await hasMxfIndex(read, size)));
  const later = isFindable && size <= MAX_SCAN_BYTES ? packetIndex : unindexed;
  if (container !== "mpegts") return { later };
  return { later: ofClear(later, size, read), explains: await scrambling(read, size, null) };
}

const ofTable =
  (table: MovTable): Later =>
  async (work) => {
    const facts = movFacts(table, work);
    return facts.duration === null ? { ...facts, ...(await lastPackets(work)) } : facts;
  };

/** A file that ends within this many seconds of its declared end is complete. */
const NEARLY = 0.5;

const ofCues =
  ({ cues, places }: MatroskaIndex, cutOff: MediaFailure | null): Later =>
  async (work) => {
    const { duration, ends, intervals } = await lastPackets(work);
    const last = Math.max(duration ?? 0, ...ends.values());
    // The size in a header may be wrong; a file that reaches its declared duration is complete.
    if (cutOff && last < (work.probed.format.duration ?? Number.POSITIVE_INFINITY) - NEARLY) throw cutOff;
    const keyframes = cues?.map((time) => time - work.start) ?? null;
    const keyframeGap = gapOf(keyframes, duration);
    const found = { duration, framesStart: keyframes?.[0], ends, keyframeGap, seekable: cues !== null };
    const placed = places && { places: () => clustersOf(places, work.start) };
    return { ...found, ...placed, ...(intervals ? { intervals } : {}) };
  };

/** Each cue as a sample that reaches to the next one's cluster: a chunk reads whole clusters. */
function clustersOf({ cues, opening, end, size }: CuePlaces, start: number): SourcePlaces {
  const rising = [...new Set([...cues.map(({ at }) => at), end])].sort((a, b) => a - b);
  const nextOf = new Map(rising.map((at, n) => [at, rising[n + 1] ?? end]));
  const sizes = cues.map(({ at }) => (nextOf.get(at) ?? end) - at);
  const samples = {
    offsets: Float64Array.from(cues, ({ at }) => at),
    sizes: Float64Array.from(sizes),
    times: Float64Array.from(cues, ({ time }) => time),
    keys: null,
  };
  return { samples, shift: -start, opening, size };
}

const ofClear =
  (later: Later, size: number, read: ReadBytes): Later =>
  async (work) => {
    const pid = Number(videoStream(work.probed)?.id);
    const locked = pid > 0 ? await scrambling(read, size, pid) : null;
    if (locked) throw locked;
    return later(work);
  };
