/**
 * The encode step: one span of the timeline is decoded once into all rungs, checked box by box, then
 * uploaded.
 */
import { join } from "node:path";
import { outputName } from "@storagex/contract/keys";
import type { MediaFailureCode } from "@storagex/contract/media/failure";
import { movieRung, type Rung } from "@storagex/contract/media/ladder";
import type { LeaseOf } from "@storagex/contract/tasks/lease";
import type { MediaObject, TaskResult } from "@storagex/contract/tasks/report";
import { MediaFailure } from "../../media/failure.ts";
import { commonName } from "../../media/output/boxes.ts";
import { EndedFromOutside } from "../../media/run/from-outside.ts";
import { type Outputs, outputsOf } from "../../transfer/outputs.ts";
import { openSourceProxy } from "../../transfer/source-proxy.ts";
import type { StepContext } from "../step.ts";
import { stepToolsOf } from "../step-tools.ts";
import { encodeChunk, type RungFile } from "./encode-chunk.ts";
import { standInPoster } from "./stand-in-poster.ts";

/**
 * Failures that a copied rung may cause; where it is not the cause, encoding all rungs fails in the same way.
 */
const COPY_FAILURES: ReadonlySet<MediaFailureCode> = new Set([
  "source.damaged",
  "source.truncated",
  "source.too_large_picture",
  "transcoder.crashed",
  "transcoder.output_invalid",
]);

/**
 * Makes `lease.chunk` in every rung of the plan. Nothing is uploaded before every rung has passed its checks.
 * Throws `transcoder.copy_unfit` where a copied rung may be what failed: all rungs are then encoded, as if it
 * had never been tried.
 */
export async function encode(lease: LeaseOf<"encode">, context: StepContext): Promise<TaskResult> {
  try {
    return await made(lease, context);
  } catch (error) {
    const copies = lease.plan.rungs.some((rung) => rung.copied);
    if (!copies || !(error instanceof MediaFailure) || !COPY_FAILURES.has(error.code)) throw error;
    if (error instanceof EndedFromOutside) throw error;
    throw new MediaFailure("transcoder.copy_unfit", error.message, { cause: error });
  }
}

async function made(lease: LeaseOf<"encode">, context: StepContext): Promise<TaskResult> {
  const began = performance.now();
  const { plan, chunk } = lease;
  await using proxy = await openSourceProxy(context.scratch, context.signal);
  const source = proxy.objects("source", [{ source: context.source, skip: 0 }]);
  const pathOf = ({ name }: Rung) => join(context.scratch, outputName.chunk(name, chunk.index));
  const { files, cpuSeconds } = await encodeChunk({ lease, context, source, pathOf, began });

  const outputs = outputsOf(lease.outputs, context);
  const tools = stepToolsOf(lease, context, proxy, outputs);
  const movie = pathOf(movieRung(plan.rungs));
  const isPosterWanted = lease.outputs.some(({ name }) => name === outputName.poster(0));
  const objects = await uploadAll(outputs, chunk.index, files);
  const poster = isPosterWanted ? await standInPoster(tools, movie) : null;
  context.progress(1, null);
  return {
    kind: "encode",
    objects,
    poster,
    cpuSeconds: cpuSeconds + tools.cpu(),
    wallSeconds: (performance.now() - began) / 1000,
  };
}

async function uploadAll(
  outputs: Outputs,
  index: number,
  files: readonly RungFile[],
): Promise<MediaObject[]> {
  const objects: MediaObject[] = [];
  for (const { rung, path, cut } of files) {
    objects.push({
      ...(await outputs.put(outputName.chunk(rung.name, index), path)),
      rendition: rung.name,
      index,
      initLength: cut.init.length,
      initHash: cut.init.hash,
      // All chunks of a copy come from one file: its codec string is used unchanged.
      codecs: rung.copied ? cut.init.codecs : commonName(cut.init.codecs),
      timescale: cut.init.timescale,
      segments: cut.segments.map(({ offset, length, duration }) => ({ offset, length, duration })),
      frames: cut.segments.reduce((sum, segment) => sum + segment.samples, 0),
    });
  }
  return objects;
}
