/**
 * Quality of `finish`: every rendition compared with the source at the quality samples. What cannot be
 * measured is left out and never causes a failure.
 */

import type { Sample } from "@storagex/contract/tasks/grants";
import type { LeaseOf } from "@storagex/contract/tasks/lease";
import type { TaskResult } from "@storagex/contract/tasks/report";
import { parseSsim, type Shown, ssimArgs, windowLimits } from "../../media/args/quality.ts";
import type { Renewable } from "../../transfer/object-read.ts";
import type { StepTools } from "../step-tools.ts";

type Quality = Extract<TaskResult, { kind: "finish" }>["quality"];
type Found = { rendition: string; ssim: number };

/**
 * Mean SSIM of each rendition over the lease's quality samples; one that no sample could measure is left out.
 */
export async function qualityOf(tools: StepTools, lease: LeaseOf<"finish">): Promise<Quality> {
  const { source, inputs } = tools.context;
  const original = tools.proxy.objects("original", [{ source, skip: 0 }]).url;
  const found: Found[] = [];
  let next = 0;
  for (const sample of lease.inputs.samples) {
    const rights = inputs.samples.slice(next, next + sample.renditions.length);
    next += sample.renditions.length;
    found.push(...(await measure(tools, lease, original, sample, rights)));
  }
  return lease.plan.rungs.flatMap(({ name }) => {
    const values = found.flatMap(({ rendition, ssim }) => (rendition === name ? [ssim] : []));
    if (values.length === 0) return [];
    const mean = values.reduce((sum, ssim) => sum + ssim, 0) / values.length;
    return [{ rendition: name, ssim: Math.round(mean * 1e5) / 1e5 }];
  });
}

/** One quality sample of all renditions; `rights` are the read grants, in the sample's order. */
async function measure(
  tools: StepTools,
  { plan, hardLimitSeconds }: LeaseOf<"finish">,
  source: string,
  { firstFrame, renditions }: Sample,
  rights: readonly Renewable[],
): Promise<Found[]> {
  const { context } = tools;
  const shown = renditions.flatMap(({ rendition, initLength, offset, length }, n): Shown[] => {
    const rung = plan.rungs.find(({ name }) => name === rendition);
    const right = rights[n];
    if (!rung || !right) return [];
    const { url } = tools.proxy.objects(`${rendition}-${firstFrame}`, [
      { source: right, skip: 0, end: initLength },
      { source: right, skip: offset, end: offset + length },
    ]);
    return [{ url, rung }];
  });
  if (shown.length === 0) return [];
  try {
    const args = ssimArgs({ source, plan, firstFrame, renditions: shown });
    const run = await tools.run(args, windowLimits(plan, hardLimitSeconds));
    const found = shown.flatMap(({ rung }, n) => {
      const ssim = run.code === 0 ? parseSsim(run.stderr, n) : null;
      return ssim === null ? [] : [{ rendition: rung.name, ssim }];
    });
    if (found.length < shown.length)
      context.log.warn({ firstFrame, code: run.code, stderr: run.stderr }, "a sample was not measured");
    return found;
  } catch (error) {
    context.signal.throwIfAborted();
    context.log.warn({ firstFrame, err: error }, "a sample was not measured");
    return [];
  }
}
