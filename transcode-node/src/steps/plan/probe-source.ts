/**
 * Probes a file for the plan: magic bytes, its own index, ffprobe, and which of its streams are acceptable.
 */
import type { MediaNote } from "@storagex/contract/media/note";
import type { Deinterlace } from "@storagex/contract/settings/settings";
import type { SourceFacts } from "@storagex/contract/tasks/plan";
import { captionLanguagesOf } from "../../media/closed-captions/languages.ts";
import { MediaFailure } from "../../media/failure.ts";
import type { ReadBytes, SourceIndex, SourceProbe } from "../../media/index/facts.ts";
import { firstPackets } from "../../media/index/keyframes.ts";
import { type ReadIndex, readIndex, unindexed } from "../../media/index/source-index.ts";
import { withUntimed } from "../../media/index/untimed.ts";
import { formFault } from "../../media/plan/copy-fit.ts";
import { frameCount } from "../../media/plan/few-frames.ts";
import { type Interval, isConstant } from "../../media/plan/frame-rate.ts";
import { perSecond } from "../../media/plan/grid.ts";
import { startOf } from "../../media/plan/timeline.ts";
import { accept, declaredRates, renditionStreams } from "../../media/source/accept.ts";
import { chooseAudio } from "../../media/source/audio-tracks.ts";
import { chaptersOf } from "../../media/source/chapters.ts";
import { countsFields } from "../../media/source/field-packets.ts";
import { containerOf, isBareStream, MAGIC_BYTES } from "../../media/source/file-signature.ts";
import { type ProbeTools, probe, videoStream } from "../../media/source/probe.ts";
import { probeScan, type Scan, uncertaintyOf } from "../../media/source/scan.ts";

export type ProbedSource = {
  facts: SourceFacts;
  index: SourceIndex;
  /** The end of the last frame, in seconds of the timeline. */
  framesEnd: number;
  /** Where it begins on the container's clock, in seconds; the index counts from there. */
  start: number;
  /** Why the video's format differs from our renditions'; null where it could be a rendition unchanged. */
  unlike: string | null;
  notes: MediaNote[];
};
/** A file behind the proxy, and direct reads of it. */
export type File = { url: string; size: number; read: ReadBytes };

export type SourceTools = ProbeTools & { ffmpeg: string; deinterlace: Deinterlace };

/** Facts and index of a file. Throws a `MediaFailure` with the reason for what cannot become a video. */
export async function probeSource(file: File, given: SourceTools): Promise<ProbedSource> {
  const head = await file.read(0, MAGIC_BYTES - 1);
  const container = containerOf(head);
  if (!container)
    throw new MediaFailure(
      isBareStream(head) ? "source.bare_stream" : "source.not_video",
      "unknown magic bytes",
    );
  const { later, explains } =
    (await readable(readIndex(container, file.size, file.read), given.signal)) ?? UNREADABLE;
  // Two containers in one file: the demuxer of its beginning decides how the rest is read.
  const { probed, tools } = await probe({ ...given, demuxer: container }, file.url).catch(
    (error: unknown) => {
      const isDamaged = error instanceof MediaFailure && error.code === "source.damaged";
      throw (isDamaged && explains) || error;
    },
  );
  const work = { probed, tools, url: file.url, start: startOf(renditionStreams(probed)) };
  const found = (await readable(later(work), given.signal)) ?? (await UNREADABLE.later(work));
  const index = await withUntimed(found, work, container);
  const { size } = file;
  const frames = await frameCount({ ...index, size }, work);
  const intervals = await intervalsOf(index, work);
  const fields = await countsFields(work);
  const measured = { ...index, container, size, start: work.start, frames, intervals };
  const said = accept(probed, { ...measured, countsFields: fields });
  const video = videoStream(probed);
  const facts = {
    ...deinterlaced(said, await scanned(said, { index, work, ffmpeg: given.ffmpeg }), given.deinterlace),
    chapters: chaptersOf(probed.chapters ?? [], said.origin ?? 0, said.duration),
    ...(video && { captionLanguages: await captionLanguagesOf(container, video, file.read) }),
  };
  const framesEnd = (index.duration ?? 0) + (work.start - (facts.origin ?? 0));
  const notes = video ? chooseAudio(probed, video).notes : [];
  return { facts, index, framesEnd, start: work.start, unlike: formFault(probed, facts), notes };
}

/** The scan type where the container's declaration is not enough; null where it is. */
async function scanned(
  facts: SourceFacts,
  { index, work, ffmpeg }: { index: SourceIndex; work: SourceProbe; ffmpeg: string },
): Promise<Scan | null> {
  const stream = videoStream(work.probed);
  const uncertainty = stream ? uncertaintyOf(stream, facts.container) : "no";
  if (uncertainty === "no") return null;
  const tools = { ffmpeg, folder: work.tools.folder, signal: work.tools.signal };
  const scan = await probeScan(
    tools,
    { url: work.url, facts, seekable: index.seekable },
    uncertainty === "hardly",
  );
  // A source that is declared progressive and is progressive needs no deinterlacer.
  return uncertainty === "hardly" && !scan.interlaced ? null : scan;
}

/** The facts with the handling of interlaced frames; the grid has a frame per field where `to` says so. */
function deinterlaced(facts: SourceFacts, scan: Scan | null, to: Deinterlace): SourceFacts {
  const interlaced = facts.interlaced || (scan?.interlaced ?? false);
  if (!interlaced && !scan) return facts;
  const own = facts.frameRate;
  const isDoubled = interlaced && to === "fields" && perSecond(own) <= 30;
  return {
    ...facts,
    interlaced,
    deinterlace: { by: scan?.by ?? "flags", to: isDoubled ? "fields" : "frames" },
    frameRate: isDoubled ? { num: 2 * own.num, den: own.den } : own,
  };
}

/**
 * Intervals between frames: from the index, else from the first packets where the container does not declare
 * one constant rate.
 */
async function intervalsOf(index: SourceIndex, work: SourceProbe): Promise<readonly Interval[]> {
  if (index.intervals || index.counted) return index.intervals ?? [];
  const stream = videoStream(work.probed);
  return stream && !isConstant(declaredRates(stream)) ? (await firstPackets(work)).intervals : [];
}

const UNREADABLE: ReadIndex = { later: unindexed, explains: null };

/**
 * Null where our reader fails on a table: FFmpeg may be able to read it, and reports itself where it is not.
 */
async function readable<T>(reading: Promise<T>, signal: AbortSignal): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof MediaFailure) throw error;
    return null;
  }
}
