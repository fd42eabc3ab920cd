/**
 * Captions of `finish`: the source's text tracks and its closed captions, as WebVTT. What cannot be read is
 * left out and never causes a failure.
 */
import { join } from "node:path";
import { outputName } from "@storagex/contract/keys";
import { defaultTrack } from "@storagex/contract/media/audio-tracks";
import type { LeaseOf } from "@storagex/contract/tasks/lease";
import type { SourceFacts } from "@storagex/contract/tasks/plan";
import type { PlainObject } from "@storagex/contract/tasks/report";
import { CaptionsError, type Cue, parseCaptions } from "@storagex/contract/webvtt/parse";
import { writeVtt } from "@storagex/contract/webvtt/write";
import { captionArgs } from "../../media/args/remux.ts";
import type { ChannelName } from "../../media/closed-captions/cea608.ts";
import { openMade, readAt } from "../../media/output/made-file.ts";
import type { Transfer } from "../../transfer/source-proxy.ts";
import { assertNotOutside } from "../result.ts";
import type { StepTools } from "../step-tools.ts";
import { closedCaptionsOf } from "./closed-captions.ts";

type Captions = { object: PlainObject; language: string | null; label: string | null };
type Track = { cues: Cue[]; language: string | null; label: string | null };

/** Extracts and uploads each track that holds at least one cue. */
export async function captionsOf(
  tools: StepTools,
  { plan, hardLimitSeconds }: Pick<LeaseOf<"finish">, "plan" | "hardLimitSeconds">,
): Promise<Captions[]> {
  const { context } = tools;
  const source = tools.proxy.objects("source", [{ source: context.source, skip: 0 }]);
  const captions: Captions[] = [];
  const add = async ({ cues, language, label }: Track) => {
    const name = outputName.captions(captions.length);
    const object = { ...(await tools.outputs.put(name, Buffer.from(writeVtt(cues)))), uploadId: null };
    captions.push({ object, language, label });
  };
  for (const { stream, language, label } of plan.source.text) {
    const cues = await textTrack(tools, source, { source: plan.source, stream });
    if (cues.length > 0) await add({ cues, language, label });
  }
  const closed = await closedCaptionsOf(tools, plan.source, { source, hardLimitSeconds });
  for (const [channel, cues] of closed)
    await add({
      cues,
      language: languageOf(channel, plan.source),
      label: channel === "CC1" ? "Closed captions" : `Closed captions ${channel}`,
    });
  return captions;
}

/**
 * The language that the source declares; for the main channel without one, the language of the audio it
 * transcribes.
 */
function languageOf(channel: ChannelName, { captionLanguages, audio }: SourceFacts): string | null {
  const declared = captionLanguages?.[channel];
  if (declared !== undefined || channel !== "CC1") return declared ?? null;
  return audio[defaultTrack(audio)]?.language ?? null;
}

async function textTrack(
  tools: StepTools,
  source: Transfer,
  track: { source: LeaseOf<"finish">["plan"]["source"]; stream: number },
): Promise<Cue[]> {
  const { context } = tools;
  const file = join(context.scratch, outputName.captions(track.stream));
  const run = await tools.run(captionArgs({ url: source.url, ...track, file }));
  assertNotOutside(run, source);
  const cues = run.code === 0 ? await cuesOf(file) : [];
  if (cues.length === 0)
    context.log.warn({ track: track.stream, code: run.code, stderr: run.stderr }, "text track left out");
  return cues;
}

/** Far more than all speech of a film. */
const MAX_BYTES = 8 * 1024 * 1024;

/** The file's text is untrusted: only clean cues are published. */
async function cuesOf(path: string): Promise<Cue[]> {
  await using file = await openMade(path);
  const { size } = await file.stat();
  if (size > MAX_BYTES) return [];
  try {
    return parseCaptions((await readAt(file, 0, size)).toString("utf8")).cues;
  } catch (error) {
    if (error instanceof CaptionsError) return [];
    throw error;
  }
}
