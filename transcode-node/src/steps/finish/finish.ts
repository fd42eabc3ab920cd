/**
 * The finish step: the progressive MP4 by remux, posters and storyboard, captions from the source, quality of
 * all renditions.
 */
import { join } from "node:path";
import { outputName } from "@storagex/contract/keys";
import type { MediaGrant } from "@storagex/contract/tasks/grants";
import type { LeaseOf } from "@storagex/contract/tasks/lease";
import type { PlainObject, TaskResult } from "@storagex/contract/tasks/report";
import { indexBytes, remuxArgs } from "../../media/args/remux.ts";
import { MediaFailure } from "../../media/failure.ts";
import { lightLimits } from "../../media/run/limits.ts";
import { outputsOf } from "../../transfer/outputs.ts";
import { openSourceProxy } from "../../transfer/source-proxy.ts";
import { assertRan } from "../result.ts";
import type { StepContext } from "../step.ts";
import { type StepTools, stepToolsOf } from "../step-tools.ts";
import { captionsOf } from "./captions.ts";
import { joinChunks, spans } from "./join-chunks.ts";
import { qualityOf } from "./quality.ts";
import { overviewOf, postersAt } from "./stills.ts";

/** Makes what a completed video needs besides its renditions. */
export async function finish(lease: LeaseOf<"finish">, given: StepContext): Promise<TaskResult> {
  const began = performance.now();
  const ending = new AbortController();
  const context = { ...given, signal: AbortSignal.any([given.signal, ending.signal]) };
  await using proxy = await openSourceProxy(context.scratch, context.signal);
  const outputs = outputsOf(lease.outputs, context);
  const tools = stepToolsOf(lease, context, proxy, outputs);
  // Uploads wait for the network, stills and quality samples for the CPU: in parallel neither waits for the
  // other.
  const movie = remux(lease, tools);
  const overview = overviewOf(tools, lease);
  const parts = [
    movie.then(({ path }) => upload(tools, path)),
    overview,
    Promise.all([movie, overview]).then(([{ url }, { times }]) => postersAt(tools, url, times)),
    captionsOf(tools, lease),
    qualityOf(tools, lease),
  ] as const;
  try {
    const [mp4, { storyboard }, posters, captions, quality] = await Promise.all(parts);
    context.progress(1, null);
    const wallSeconds = (performance.now() - began) / 1000;
    const made = { mp4, posters, storyboard, captions, quality };
    return { kind: "finish", ...made, cpuSeconds: tools.cpu(), wallSeconds };
  } catch (error) {
    // Whatever is still running would outlive its scratch folder and its proxy.
    ending.abort(error);
    await Promise.allSettled(parts);
    throw error;
  }
}

async function upload({ context, outputs }: StepTools, path: string): Promise<PlainObject> {
  context.progress(0.4, null);
  const mp4 = await outputs.putLarge(outputName.mp4, path);
  context.progress(0.8, null);
  return mp4;
}

/** Max bytes of a fragment's head for each of its frames (at least two in a fragment) or AAC frames. */
const HEAD_SHARE = { video: 128, audio: 20 } as const;

/**
 * Makes the MP4 in the scratch folder and serves it. Throws like `assertRan`, and where it does not hold what
 * the chunks hold.
 */
async function remux(
  { inputs, hardLimitSeconds }: LeaseOf<"finish">,
  tools: StepTools,
): Promise<{ path: string; url: string }> {
  const { scratch, inputs: rights } = tools.context;
  const path = join(scratch, outputName.mp4);
  const { transfer: video, inBand } = await joinChunks("video", inputs.video, rights.video, tools);
  const tracks = spans(inputs.audio, rights.audio);
  const audio = tracks.length > 0 ? tools.proxy.objects("audio", tracks) : null;
  const bytes = video.size + (audio?.size ?? 0);
  const videoFrames = framesIn(inputs.video);
  const audioFrames = framesIn(inputs.audio);
  const room = indexBytes({ videoFrames, audioFrames });
  const limits = lightLimits(hardLimitSeconds, bytes + room + 64 * 2 ** 20);
  const work = { video: video.url, audio: audio?.url ?? null, inBand, indexRoom: room, file: path };
  const run = await tools.run(remuxArgs(work), limits);
  if (audio?.failure) throw audio.failure;
  assertRan(run, video);
  // A remux neither adds nor loses a frame, and no bytes except those of the fragments' heads.
  if (run.frames !== videoFrames)
    throw new MediaFailure("transcoder.output_invalid", `MP4 of ${run.frames} frames from ${videoFrames}`);
  const { url, size } = await tools.proxy.file("mp4", path);
  const heads = HEAD_SHARE.video * videoFrames + HEAD_SHARE.audio * audioFrames;
  if (size - room < 0.9 * (bytes - heads) - 64 * 1024)
    throw new MediaFailure("transcoder.output_invalid", `MP4 of ${size} from ${bytes} bytes`);
  return { path, url };
}

const framesIn = (pieces: readonly MediaGrant[]): number =>
  pieces.reduce((sum, { frames }) => sum + frames, 0);
