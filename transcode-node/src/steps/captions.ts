/** Captions of `finish`: the source's text tracks as WebVTT. A track that cannot be read is left out, never a failure. */
import { join } from "node:path";
import { outputName } from "@storagex/contract/keys";
import type { PlainObject } from "@storagex/contract/report";
import type { SourceFacts } from "@storagex/contract/task";
import { type Cue, salvageCaptions } from "@storagex/contract/webvtt/parse";
import { writeVtt } from "@storagex/contract/webvtt/write";
import { openMade, readAt } from "../media/made-file.ts";
import { captionArgs } from "../media/remux.ts";
import type { Toolbox } from "./toolbox.ts";

type Captions = { object: PlainObject; language: string | null; label: string | null };

/** Extracts and uploads each text track that holds at least one cue. */
export async function captionsOf(tools: Toolbox, facts: SourceFacts): Promise<Captions[]> {
  const captions: Captions[] = [];
  if (facts.text.length === 0) return captions;
  const { context } = tools;
  const source = tools.proxy.objects("source", [{ source: context.source, skip: 0 }]);
  for (const track of facts.text) {
    const name = outputName.captions(captions.length);
    const file = join(context.scratch, name);
    const run = await tools.run(captionArgs({ url: source.url, source: facts, stream: track.stream, file }));
    if (source.failure) throw source.failure;
    const cues = run.code === 0 ? await cuesOf(file) : [];
    if (cues.length === 0) {
      context.log.warn({ track: track.stream, code: run.code, stderr: run.stderr }, "text track left out");
      continue;
    }
    const object = { ...(await tools.outputs.put(name, Buffer.from(writeVtt(cues)))), uploadId: null };
    captions.push({ object, language: track.language, label: track.label });
  }
  return captions;
}

/** Far above what is ever spoken in a film. */
const MOST_BYTES = 8 * 1024 * 1024;

/** The file's text comes from a stranger: only clean cues go on. */
async function cuesOf(path: string): Promise<Cue[]> {
  await using file = await openMade(path);
  const { size } = await file.stat();
  return size > MOST_BYTES ? [] : salvageCaptions((await readAt(file, 0, size)).toString("utf8"));
}
