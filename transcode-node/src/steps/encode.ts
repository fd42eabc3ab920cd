/** The encode step: one span of the timeline decoded once into all rungs, checked box by box, then uploaded. */
import { join } from "node:path";
import { outputName } from "@storagex/contract/keys";
import type { MediaObject, TaskResult } from "@storagex/contract/report";
import type { LeaseOf } from "@storagex/contract/task";
import { outputsOf } from "../transfer/outputs.ts";
import { openSourceProxy } from "../transfer/source-proxy.ts";
import { encodeChunk } from "./encode-chunk.ts";
import type { StepContext } from "./step.ts";

/** Encodes `lease.chunk` in every rung of the plan. Nothing is uploaded before every rung has passed its checks. */
export async function encode(lease: LeaseOf<"encode">, context: StepContext): Promise<TaskResult> {
  const began = performance.now();
  const { plan, chunk } = lease;
  await using proxy = await openSourceProxy(context.signal);
  const source = proxy.objects("source", [{ source: context.source, skip: 0 }]);
  const names = plan.rungs.map((rung) => outputName.chunk(rung.name, chunk.index));
  const files = names.map((name) => join(context.scratch, name));
  const { cuts, cpuSeconds } = await encodeChunk({ lease, context, source, files, began });

  const outputs = outputsOf(lease.outputs, context);
  const objects: MediaObject[] = [];
  for (const [n, cut] of cuts.entries()) {
    const { size, etag } = await outputs.put(names[n] ?? "", files[n] ?? "");
    objects.push({
      name: names[n] ?? "",
      rendition: plan.rungs[n]?.name ?? "",
      index: chunk.index,
      size,
      etag,
      initLength: cut.init.length,
      initHash: cut.init.hash,
      codecs: cut.init.codecs,
      timescale: cut.init.timescale,
      segments: cut.segments.map(({ offset, length, duration }) => ({ offset, length, duration })),
      frames: cut.segments.reduce((sum, segment) => sum + segment.samples, 0),
    });
  }
  context.progress(1, null);
  return {
    kind: "encode",
    objects,
    cpuSeconds,
    wallSeconds: (performance.now() - began) / 1000,
  };
}
