/** Quality of `finish`: the MP4's rendition sampled against the source. What cannot be measured is left out, never a failure. */
import type { LeaseOf } from "@storagex/contract/task";
import { parseSsim, sampleFrames, ssimArgs } from "../media/quality.ts";
import type { Toolbox } from "./toolbox.ts";

/** Samples of a source that cannot be sought would each read it from its start. */
const MAX_UNSOUGHT_SECONDS = 60;

/** Mean SSIM of up to three samples; `rendition` is the local MP4's address. */
export async function qualityOf(
  tools: Toolbox,
  { plan, inputs }: LeaseOf<"finish">,
  rendition: string,
): Promise<{ rendition: string; ssim: number }[]> {
  if (plan.chunks.length === 1 && plan.source.duration > MAX_UNSOUGHT_SECONDS) return [];
  const source = tools.proxy.objects("original", [{ source: tools.context.source, skip: 0 }]).url;
  const found: number[] = [];
  for (const firstFrame of sampleFrames(plan.grid)) {
    const run = await tools.run(ssimArgs({ source, rendition, plan, rung: inputs.rung, firstFrame }));
    const ssim = run.code === 0 ? parseSsim(run.stderr) : null;
    if (ssim === null)
      tools.context.log.warn({ firstFrame, stderr: run.stderr }, "a sample was not measured");
    else found.push(ssim);
  }
  if (found.length === 0) return [];
  const mean = found.reduce((sum, ssim) => sum + ssim, 0) / found.length;
  return [{ rendition: inputs.rung.name, ssim: Math.round(mean * 1e5) / 1e5 }];
}
