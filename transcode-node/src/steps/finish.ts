/** The finish step: the progressive MP4 by remux, posters and storyboard from it, captions from the source, quality of all. */
import { join } from "node:path";
import { outputName } from "@storagex/contract/keys";
import type { TaskResult } from "@storagex/contract/report";
import type { LeaseOf } from "@storagex/contract/task";
import { MediaFailure } from "../media/failure.ts";
import { lightLimits } from "../media/limits.ts";
import { remuxArgs } from "../media/remux.ts";
import { outputsOf } from "../transfer/outputs.ts";
import { openSourceProxy, type Transfer } from "../transfer/source-proxy.ts";
import { captionsOf } from "./captions.ts";
import { joinChunks, spans } from "./join-chunks.ts";
import { assertRan } from "./outcome.ts";
import { picturesOf } from "./pictures.ts";
import { qualityOf } from "./quality.ts";
import type { StepContext } from "./step.ts";
import { type Toolbox, toolboxOf } from "./toolbox.ts";

/** Makes what a completed video needs beside its renditions. */
export async function finish(lease: LeaseOf<"finish">, given: StepContext): Promise<TaskResult> {
  const began = performance.now();
  const ending = new AbortController();
  const context = { ...given, signal: AbortSignal.any([given.signal, ending.signal]) };
  await using proxy = await openSourceProxy(context.scratch, context.signal);
  const outputs = outputsOf(lease.outputs, context);
  const tools = toolboxOf(lease, context, proxy, outputs);
  // The upload waits for the wire, the pictures and the samples for the processor: side by side neither waits for the other.
  const parts = [
    qualityOf(tools, lease),
    captionsOf(tools, lease.plan.source),
    movieOf(lease, tools),
  ] as const;
  try {
    const [quality, captions, movie] = await Promise.all(parts);
    context.progress(1, null);
    const wallSeconds = (performance.now() - began) / 1000;
    return { kind: "finish", ...movie, captions, quality, cpuSeconds: tools.cpu(), wallSeconds };
  } catch (error) {
    // What still runs would outlive its scratch folder and its proxy.
    ending.abort(error);
    await Promise.allSettled(parts);
    throw error;
  }
}

/** The MP4, and what is made from it while it is uploaded. */
async function movieOf(lease: LeaseOf<"finish">, tools: Toolbox) {
  const { context, outputs } = tools;
  const path = join(context.scratch, outputName.mp4);
  const local = await remux(lease, context, tools, path);
  context.progress(0.4, null);
  const [mp4, pictures] = await Promise.all([
    outputs.putLarge(outputName.mp4, path),
    picturesOf(tools, local.url, lease.inputs),
  ]);
  context.progress(0.8, null);
  return { mp4, ...pictures };
}

/** Makes the MP4 at `path` and serves it. */
async function remux(
  lease: LeaseOf<"finish">,
  context: StepContext,
  tools: Toolbox,
  path: string,
): Promise<Transfer> {
  const { transfer: video, inBand } = await joinChunks(lease, tools);
  const sound = spans(lease.inputs.audio, context.inputs.audio);
  const audio = sound.length > 0 ? tools.proxy.objects("audio", sound) : null;
  const bytes = video.size + (audio?.size ?? 0);
  // faststart writes the file once more with its index first.
  const limits = lightLimits(lease.hardLimitSeconds, 2 * bytes + 64 * 2 ** 20);
  const work = { video: video.url, audio: audio?.url ?? null, inBand, file: path };
  const run = await tools.run(remuxArgs(work), limits);
  if (audio?.failure) throw audio.failure;
  assertRan(run, video);
  const made = await tools.proxy.file("mp4", path);
  // A remux neither adds nor loses a picture: its size is that of its inputs, give or take the index.
  if (made.size < 0.9 * bytes - 64 * 1024)
    throw new MediaFailure("transcoder.output_invalid", `MP4 of ${made.size} from ${bytes} bytes`);
  return made;
}
