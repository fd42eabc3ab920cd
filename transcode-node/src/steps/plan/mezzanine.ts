/**
 * The mezzanine: a copy of a source that cannot be seeked (live WebM, fragmented MP4, FLV), with the same
 * packets and an index.
 */
import { join } from "node:path";
import { outputName } from "@storagex/contract/keys";
import type { LeaseOf } from "@storagex/contract/tasks/lease";
import type { SourceFacts } from "@storagex/contract/tasks/plan";
import type { PlainObject } from "@storagex/contract/tasks/report";
import { copyArgs, copyFormats } from "../../media/args/remux.ts";
import { MediaFailure } from "../../media/failure.ts";
import { openMade, readAt } from "../../media/output/made-file.ts";
import { runTool } from "../../media/run/ffmpeg.ts";
import { EndedFromOutside } from "../../media/run/from-outside.ts";
import { lightLimits } from "../../media/run/limits.ts";
import { outputsOf } from "../../transfer/outputs.ts";
import type { SourceProxy, Transfer } from "../../transfer/source-proxy.ts";
import { assertRan, short } from "../result.ts";
import type { StepContext } from "../step.ts";
import { type ProbedSource, probeSource } from "./probe-source.ts";

export type Mezzanine = { object: PlainObject; looked: ProbedSource; cpuSeconds: number };

type Work = {
  lease: LeaseOf<"plan">;
  context: StepContext;
  proxy: SourceProxy;
  source: Transfer;
  facts: SourceFacts;
};

/**
 * Copies the source's accepted tracks into a file with an index, probes it like any source, and uploads it:
 * from then on it is the source. Null where no container supports all of its tracks: decoded from its
 * start for every chunk, it needs no copy. Throws `source.truncated` where the copy is shorter than the probed source.
 */
export async function mezzanineOf(work: Work): Promise<Mezzanine | null> {
  const { lease, context, proxy, source, facts } = work;
  const { signal, tools } = context;
  const path = join(context.scratch, outputName.mezzanine);
  const cpuSeconds = await copied(work, path);
  if (cpuSeconds === null) return null;

  const { url, size } = await proxy.file("mezzanine", path);
  await using file = await openMade(path);
  const read = (from: number, to: number) =>
    readAt(file, from, Math.max(0, Math.min(to, size - 1) + 1 - from));
  const { ffmpeg, ffprobe, deinterlace = "frames" } = tools;
  const probing = { ffmpeg, ffprobe, deinterlace, folder: context.scratch, signal };
  const looked = await probeSource({ url, size, read }, probing);
  if (looked.facts.duration < facts.duration - 1) {
    throw short(source, `copy of ${looked.facts.duration} s from ${facts.duration} s`);
  }
  context.progress(0.8, null);
  const object = await outputsOf(lease.outputs, context).putLarge(outputName.mezzanine, path);
  // Facts that viewers see are those of the uploaded file.
  const { container, codec, bitrate, captionLanguages, chapters } = facts;
  const said = { container, codec, bitrate, captionLanguages, chapters };
  return { object, looked: { ...looked, facts: { ...looked.facts, ...said } }, cpuSeconds };
}

/** Failures caused by this machine or the object store, not by a container. */
const OTHERS_FAULT: ReadonlySet<string> = new Set([
  "source.unreadable",
  "source.changed",
  "transcoder.timeout",
  "transcoder.disk_full",
]);

/**
 * Writes the copy to `path` in the first container that supports it; returns its CPU seconds, or null where
 * none does.
 */
async function copied({ lease, context, source, facts }: Work, path: string): Promise<number | null> {
  for (const format of copyFormats(facts)) {
    const run = await runTool({
      tool: context.tools.ffmpeg,
      args: copyArgs({ url: source.url, source: facts, format, file: path }),
      limits: lightLimits(lease.hardLimitSeconds, 2 * source.size + 64 * 2 ** 20),
      folder: context.scratch,
      signal: context.signal,
      stdout: "progress",
    });
    try {
      assertRan(run, source);
      context.log.info({ command: run.command, cpu: run.cpuSeconds }, "copied into a file with an index");
      return run.cpuSeconds;
    } catch (error) {
      if (!(error instanceof MediaFailure) || OTHERS_FAULT.has(error.code)) throw error;
      if (error instanceof EndedFromOutside) throw error;
      context.log.warn({ err: error, command: run.command, format }, "container does not take the source");
    }
  }
  return null;
}
