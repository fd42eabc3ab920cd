/** The finish step: the progressive MP4 by remux, posters and storyboard from it, captions from the source. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { outputName } from "@storagex/contract/keys";
import type { TaskResult } from "@storagex/contract/report";
import type { LeaseOf } from "@storagex/contract/task";
import { lightLimits } from "../media/limits.ts";
import { remuxArgs } from "../media/remux.ts";
import { outputsOf } from "../transfer/outputs.ts";
import { type ObjectSpan, openSourceProxy } from "../transfer/source-proxy.ts";
import { captionsOf } from "./captions.ts";
import { assertRan } from "./outcome.ts";
import { postersOf, storyboardOf } from "./pictures.ts";
import { qualityOf } from "./quality.ts";
import { MediaFailure, type StepContext } from "./step.ts";
import { type Toolbox, toolboxOf } from "./toolbox.ts";

type Inputs = LeaseOf<"finish">["inputs"];

/** Objects end to end as one file: the first with its init, the others without. */
const spans = (grants: Inputs["video"], sources: StepContext["inputs"]["video"]): ObjectSpan[] =>
  grants.map((grant, n) => {
    const source = sources[n];
    if (!source) throw new MediaFailure("transcoder.output_invalid", `finish has no input ${n}`);
    return { source, skip: n === 0 ? 0 : grant.initLength };
  });

/** Makes what a completed video needs beside its renditions. */
export async function finish(lease: LeaseOf<"finish">, context: StepContext): Promise<TaskResult> {
  const began = performance.now();
  await using proxy = await openSourceProxy(context.signal);
  const outputs = outputsOf(lease.outputs, context);
  const tools = toolboxOf(lease, context, proxy, outputs);

  const path = join(context.scratch, outputName.mp4);
  await remux(lease, context, tools, path);
  context.progress(0.5, null);
  const local = (await proxy.file("mp4", path)).url;
  // The upload waits for the wire, the pictures for the processor.
  const [mp4, made] = await Promise.all([
    outputs.putLarge(outputName.mp4, path),
    extras(lease, tools, local),
  ]);
  context.progress(1, null);
  const wallSeconds = (performance.now() - began) / 1000;
  return { kind: "finish", mp4, ...made, cpuSeconds: tools.cpu(), wallSeconds };
}

/** All that is made from the local MP4 (`url`), one after the other. */
async function extras(lease: LeaseOf<"finish">, tools: Toolbox, url: string) {
  const { progress } = tools.context;
  const posters = await postersOf(tools, url, lease.inputs.duration);
  progress(0.65, null);
  const storyboard = await storyboardOf(tools, url, lease.inputs);
  progress(0.8, null);
  const captions = await captionsOf(tools, lease.plan.source);
  progress(0.9, null);
  const quality = await qualityOf(tools, lease, url);
  return { posters, storyboard, captions, quality };
}

async function remux(
  lease: LeaseOf<"finish">,
  context: StepContext,
  tools: Toolbox,
  path: string,
): Promise<void> {
  const video = tools.proxy.objects("video", spans(lease.inputs.video, context.inputs.video));
  const sound = spans(lease.inputs.audio, context.inputs.audio);
  const audio = sound.length > 0 ? tools.proxy.objects("audio", sound) : null;
  const bytes = video.size + (audio?.size ?? 0);
  // faststart writes the file once more with its index first.
  const limits = lightLimits(lease.hardLimitSeconds, 2 * bytes + 64 * 2 ** 20);
  const run = await tools.run(remuxArgs({ video: video.url, audio: audio?.url ?? null, file: path }), limits);
  if (audio?.failure) throw audio.failure;
  assertRan(run, video);
  const { size } = await stat(path);
  // A remux neither adds nor loses a picture: its size is that of its inputs, give or take the index.
  if (size < 0.9 * bytes - 64 * 1024)
    throw new MediaFailure("transcoder.output_invalid", `MP4 of ${size} from ${bytes} bytes`);
}
