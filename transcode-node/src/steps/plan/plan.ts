/**
 * The plan step: probes the source, and refuses it with a reason or fixes grid, ladder and chunks for its
 * generation.
 */
import type { Container } from "@storagex/contract/formats/containers";
import { av1RungsFor, ladderFor, type Rung } from "@storagex/contract/media/ladder";
import type { LeaseOf } from "@storagex/contract/tasks/lease";
import type { Chunk, CutPlan } from "@storagex/contract/tasks/plan";
import type { TaskResult } from "@storagex/contract/tasks/report";
import type { SourcePlaces } from "../../media/index/facts.ts";
import { chunkBytes, keyframeBefore } from "../../media/plan/chunk-bytes.ts";
import { copyOf } from "../../media/plan/copy-fit.ts";
import {
  cutChunks,
  cutDoubling,
  lengthOf,
  perSecond,
  secondsAt,
  segmentFramesOf,
} from "../../media/plan/grid.ts";
import { canEncodeAv1 } from "../../media/run/capabilities.ts";
import { containerOf, MAGIC_BYTES } from "../../media/source/file-signature.ts";
import { readRange } from "../../transfer/object-read.ts";
import { openSourceProxy } from "../../transfer/source-proxy.ts";
import type { StepContext } from "../step.ts";
import { type Mezzanine, mezzanineOf } from "./mezzanine.ts";
import { type ProbedSource, probeSource } from "./probe-source.ts";

/** Containers that may be planned while they are uploaded. */
const INDEXED: ReadonlySet<string> = new Set<Container>(["mov", "matroska"]);
/** Shorter videos are one task: the second process start would cost more than it saves. */
const ONE_TASK_SECONDS = 8;
/** Longest distance without a keyframe that a chunk of usual length may have to decode before its first frame. */
const MAX_GAP_SECONDS = 15;
/** Where keyframes are further apart than this, or FFmpeg cannot seek, every chunk is decoded from the start. */
const MAX_SOUGHT_GAP_SECONDS = 60;
/** Seconds by which a seek may miss a keyframe that is decoded earlier than it is shown. */
const SURELY_SECONDS = 0.25;
/**
 * A longer file that cannot be seeked is worth a copy that can: copying costs a two-hundredth of encoding.
 */
const REMUX_SECONDS = 60;
/** Bytes; a larger copy would fill a worker's disk. */
const MAX_REMUX = 24e9;
/**
 * Seconds by which audio may be longer than a copied rung, which cannot repeat its last frame: players bridge
 * that much by themselves.
 */
const MAX_COPY_OVERHANG = 0.5;
/**
 * Seconds of an audio piece: longer in a long video, where a report each half minute would be too many; short while
 * the source is uploaded, because whoever watches meanwhile waits for the end of each.
 */
const pieceSeconds = (duration: number, isUploading: boolean) =>
  (duration > 3600 ? 60 : 30) / (isUploading ? 4 : 1);

/** Probes the lease's source and returns the plan. Throws a `MediaFailure` for what cannot become a video. */
export async function plan(lease: LeaseOf<"plan">, context: StepContext): Promise<TaskResult> {
  const began = performance.now();
  const { signal } = context;
  const { size } = context.source.current();
  await using proxy = await openSourceProxy(context.scratch, signal);
  const source = proxy.objects("source", [{ source: context.source, skip: 0 }]);
  const read = (from: number, to: number) => readRange(context.source, from, to, signal);
  try {
    const { ffmpeg, ffprobe, deinterlace = "frames" } = context.tools;
    const tools = { ffmpeg, ffprobe, deinterlace, folder: context.scratch, signal };
    const container = containerOf(await read(0, MAGIC_BYTES - 1));
    // Only these have an index that says what lies where; everything else is read from end to end.
    if (container !== null && !INDEXED.has(container)) await context.source.parts?.requireWhole();
    let looked = await probeSource({ url: source.url, size, read }, tools);
    // Spans that could not be read did not count, and look as if there were nothing in them.
    if (source.failure?.code === "source.unreadable") throw source.failure;
    context.progress(0.5, null);
    // A copy holds only the accepted tracks, so the notes come from the original.
    looked.notes.forEach(context.note);
    let copy: Mezzanine | null = null;
    const { facts, index } = looked;
    const wantsCopy = index.restarts || (!index.seekable && facts.duration > REMUX_SECONDS);
    if (wantsCopy && !index.isUncopyable && size <= MAX_REMUX) {
      await context.source.parts?.requireWhole();
      copy = await mezzanineOf({ lease, context, proxy, source, facts });
      // Without a copy each chunk decodes the source from its start: slow is better than a failure.
      looked = copy?.looked ?? looked;
    }
    const av1 = lease.profile.av1 && (await canEncodeAv1(context.tools.ffmpeg));
    const { plan: made, whyEncoded } = planFor(looked, lease, {
      mezzanine: copy?.object.size ?? null,
      av1,
      isUploading: Boolean(context.source.current().parts),
    });
    context.log.info(
      { ...looked, whyEncoded, chunks: made.chunks.length, rungs: made.rungs.map(({ name }) => name) },
      "planned",
    );
    const wallSeconds = (performance.now() - began) / 1000;
    const cpuSeconds = copy?.cpuSeconds ?? 0;
    return { kind: "plan", plan: made, mezzanine: copy?.object ?? null, cpuSeconds, wallSeconds };
  } catch (error) {
    // A conclusion about the file means nothing where the object store did not deliver it.
    throw source.failure ?? error;
  }
}

/** Grid, ladder and chunks from the facts; `whyEncoded` where the top rung is no copy. */
function planFor(
  looked: ProbedSource,
  lease: LeaseOf<"plan">,
  { mezzanine, av1, isUploading }: { mezzanine: number | null; av1: boolean; isUploading: boolean },
): { plan: CutPlan; whyEncoded: string | null } {
  const { facts: source, index, framesEnd } = looked;
  const rate = source.frameRate;
  const gap = index.keyframeGap;
  const isSought = index.seekable && gap !== null && gap <= MAX_SOUGHT_GAP_SECONDS;
  const ladder = ladderFor({ ...source, frameRate: perSecond(rate), sourceRate: source.bitrate });
  const own = ownTop(looked, ladder, lease);
  const length = lengthOf(framesEnd, source.duration, rate);
  // A transport stream is seeked by time, not to a keyframe: the pre-roll must contain one for certain.
  const usualPreRoll = source.container === "mpegts" ? Math.max(10, 2 * (gap ?? 0)) : 1;
  const grid = {
    rate,
    segmentFrames: segmentFramesOf(rate),
    ...length,
    // As long as the video: from its start.
    preRoll: isSought ? usualPreRoll : secondsAt(length.totalFrames, rate),
    ...own.grid,
  };
  const { rungs } = own;
  const isCheap = isSought && gap <= MAX_GAP_SECONDS;
  const places = placesOf(looked);
  const chunks = chunksOf(grid, { framesEnd, isCheap, isUploading, rungs, places, workers: lease.workers });
  const plan: CutPlan = {
    source,
    grid,
    rungs: av1 ? [...rungs, ...av1RungsFor(ladder)] : rungs,
    preset: lease.profile.preset,
    chunks: mezzanine === null ? withBytes(chunks, places, grid) : chunks,
    audioPieceSeconds: pieceSeconds(source.duration, isUploading),
    mezzanine: mezzanine === null ? null : { size: mezzanine },
    closedCaptions: "none",
  };
  return { plan, whyEncoded: own.whyEncoded };
}

/** `isCheap`: little is decoded before a chunk's first frame. */
function chunksOf(
  grid: CutPlan["grid"],
  work: {
    framesEnd: number;
    isCheap: boolean;
    isUploading: boolean;
    rungs: readonly Rung[];
    places: SourcePlaces | null;
    workers: number;
  },
): Chunk[] {
  if (work.framesEnd <= ONE_TASK_SECONDS) return [{ index: 0, firstFrame: 0, frames: null }];
  const { places, workers, isUploading } = work;
  // FFmpeg decodes from the last keyframe of which it is sure that it comes before the pre-roll.
  const decodedFrom = (seconds: number) =>
    (places && keyframeBefore(places, seconds - grid.preRoll - SURELY_SECONDS)?.seconds) ?? 0;
  if (work.isCheap) return cutChunks(grid, { workers, isUploading, ...(places ? { decodedFrom } : {}) });
  return cutDoubling(grid, Math.max(...work.rungs.map(({ maxrate }) => maxrate)));
}

/** Where the frames lie, with their times on the timeline; null where the file's index does not tell. */
function placesOf({ facts, index, start }: ProbedSource): SourcePlaces | null {
  const places = index.places?.();
  return places ? { ...places, shift: places.shift + start - (facts.origin ?? 0) } : null;
}

/** The chunks with the bytes that their tasks read, where the file's index tells them. */
function withBytes(chunks: Chunk[], places: SourcePlaces | null, grid: CutPlan["grid"]): Chunk[] {
  if (!places) return chunks;
  const bytes = chunkBytes(places, { grid, chunks });
  return chunks.map((chunk, n) => ({ ...chunk, bytes: bytes[n] }));
}

/**
 * The ladder, its top rung copied where the source allows; then the grid follows the source's own keyframes.
 */
function ownTop(
  { facts, index, framesEnd, unlike }: ProbedSource,
  ladder: Rung[],
  { profile }: LeaseOf<"plan">,
): { rungs: Rung[]; grid: Partial<CutPlan["grid"]>; whyEncoded: string | null } {
  const [top, ...lower] = ladder;
  const encoded = (whyEncoded: string) => ({ rungs: ladder, grid: {}, whyEncoded });
  if (!top || profile.copy === false) return encoded("a copy has proved unfit");
  if (facts.duration - framesEnd > MAX_COPY_OVERHANG)
    return encoded("its audio goes on after its last frame");
  const own = unlike ?? copyOf({ facts, frames: index.frames }, top);
  if (typeof own === "string") return encoded(own);
  const { segmentFrames, totalFrames } = own.fit;
  // Each chunk begins with a keyframe that needs nothing before it: no pre-roll, or the copy would contain
  // it.
  return {
    rungs: [own.rung, ...lower],
    grid: { segmentFrames, totalFrames, heldFrames: 0, preRoll: 0 },
    whyEncoded: null,
  };
}
