/**
 * Closed captions in the source's frames (CEA-608) as cues: a few seconds are probed, and all is read where
 * there are any.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { SourceFacts } from "@storagex/contract/tasks/plan";
import type { Cue } from "@storagex/contract/webvtt/parse";
import { besideFramesArgs } from "../../media/closed-captions/args.ts";
import { type ChannelName, readCea608 } from "../../media/closed-captions/cea608.ts";
import { canCarryCaptions, pairsOf, type TimedPair } from "../../media/closed-captions/user-data.ts";
import { openMade, readAt } from "../../media/output/made-file.ts";
import { lightLimits } from "../../media/run/limits.ts";
import type { Transfer } from "../../transfer/source-proxy.ts";
import { assertNotOutside } from "../result.ts";
import type { StepTools } from "../step-tools.ts";

/** A broadcast carries them with every frame, empty ones too. */
const PROBE_SECONDS = 2;
/**
 * A longer source may begin with a part without captions: it is probed in `min` to `max` places, one for each
 * ten minutes.
 */
const LONG_SECONDS = 60;
const PLACES = { min: 4, max: 12, seconds: 600 } as const;
/** Three hours at 60 frames per second are about 60 MB. */
const MAX_BYTES = 128 * 2 ** 20;

/**
 * The cues by channel; empty where the source carries none or they cannot be read. Throws like
 * `assertNotOutside`.
 */
export async function closedCaptionsOf(
  tools: StepTools,
  facts: SourceFacts,
  { source, hardLimitSeconds }: { source: Transfer; hardLimitSeconds: number },
): Promise<Map<ChannelName, Cue[]>> {
  if (!canCarryCaptions(facts.codec)) return new Map();
  const read = async (span: { from: number; to: number } | null): Promise<Generator<TimedPair>> => {
    const [data, index] = ["beside.bin", "beside.txt"].map((name) => join(tools.context.scratch, name));
    const args = besideFramesArgs({
      url: source.url,
      source: facts,
      span,
      data: data ?? "",
      index: index ?? "",
    });
    const run = await tools.run(args, lightLimits(hardLimitSeconds, MAX_BYTES));
    assertNotOutside(run, source);
    // A truncated or damaged end does not affect what was read before it.
    if (run.code !== 0)
      tools.context.log.warn({ code: run.code, stderr: run.stderr }, "closed captions cut short");
    return pairsOf(
      facts.codec,
      (await contentOf(index ?? "")).toString("latin1"),
      await contentOf(data ?? ""),
    );
  };
  for (const from of placesOf(facts.duration)) {
    if (!(await read({ from, to: from + PROBE_SECONDS })).next().done)
      return readCea608(await read(null), facts.duration);
  }
  return new Map();
}

/** Where to probe for captions, evenly from the beginning on (seconds). */
export function placesOf(duration: number): number[] {
  if (duration <= LONG_SECONDS) return [0];
  const count = Math.min(PLACES.max, PLACES.min + Math.floor(duration / PLACES.seconds));
  return Array.from({ length: count }, (_, n) => (n * duration) / count);
}

/** Empty where FFmpeg made no file. Throws like `openMade`. */
async function contentOf(path: string): Promise<Buffer> {
  if (!existsSync(path)) return Buffer.alloc(0);
  await using file = await openMade(path);
  const { size } = await file.stat();
  return readAt(file, 0, Math.min(size, MAX_BYTES));
}
