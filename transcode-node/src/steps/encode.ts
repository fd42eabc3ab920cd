/** The encode step: one span of the timeline decoded once into all rungs, checked box by box, then uploaded. */
import { join } from "node:path";
import { outputName } from "@storagex/contract/keys";
import type { MediaObject, TaskResult } from "@storagex/contract/report";
import type { LeaseOf } from "@storagex/contract/task";
import { encodeArgs } from "../media/args.ts";
import { checkChunk } from "../media/check.ts";
import { runTool } from "../media/ffmpeg.ts";
import { cutFile } from "../media/fragments.ts";
import { perSecond, secondsAt } from "../media/grid.ts";
import { encodeLimits } from "../media/limits.ts";
import { outputsOf } from "../transfer/outputs.ts";
import { openSourceProxy } from "../transfer/source-proxy.ts";
import { assertRan, short } from "./outcome.ts";
import type { StepContext } from "./step.ts";

/** Encodes `lease.chunk` in every rung of the plan. Nothing is uploaded before every rung has passed its checks. */
export async function encode(lease: LeaseOf<"encode">, context: StepContext): Promise<TaskResult> {
  const began = performance.now();
  const { plan, chunk } = lease;
  const { grid } = plan;
  await using proxy = await openSourceProxy(context.signal);
  const source = proxy.objects("source", [{ source: context.source, skip: 0 }]);
  const names = plan.rungs.map((rung) => outputName.chunk(rung.name, chunk.index));
  const files = names.map((name) => join(context.scratch, name));
  const expected = chunk.frames ?? Math.max(1, grid.totalFrames - chunk.firstFrame);

  const run = await runTool({
    tool: context.tools.ffmpeg,
    args: encodeArgs({ url: source.url, plan, chunk, files }),
    limits: encodeLimits(plan, secondsAt(expected, grid.rate), lease.hardLimitSeconds),
    folder: context.scratch,
    signal: context.signal,
    stdout: "progress",
    onFrame: (frames) => {
      const seconds = (performance.now() - began) / 1000;
      // The rest is checks and uploads.
      context.progress(Math.min(0.97, (0.97 * frames) / expected), frames / perSecond(grid.rate) / seconds);
    },
  });
  context.log.info(
    { chunk: chunk.index, command: run.command, frames: run.frames, cpu: run.cpuSeconds },
    "encoded",
  );
  assertRan(run, source);

  const cuts = await Promise.all(files.map((file) => cutFile(file)));
  const verdict = checkChunk(cuts, { plan, chunk });
  if (verdict.outcome === "short") throw short(source, verdict.why);
  if (verdict.outcome === "invalid") throw verdict.failure;

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
    cpuSeconds: run.cpuSeconds,
    wallSeconds: (performance.now() - began) / 1000,
  };
}
