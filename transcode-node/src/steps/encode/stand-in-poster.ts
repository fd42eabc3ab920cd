/**
 * A poster for a video that has none yet: from a chunk just encoded, until `finish` chooses from the whole
 * video.
 */
import { join } from "node:path";
import { outputName } from "@storagex/contract/keys";
import type { PlainObject } from "@storagex/contract/tasks/report";
import { keyframeArgs, scoresOf } from "../../media/args/stills.ts";
import { assertRan } from "../result.ts";
import type { StepTools } from "../step-tools.ts";

const NAME = outputName.poster(0);
/** Max keyframes to examine: a few seconds show whether a chunk shows anything. */
const MAX_KEYFRAMES = 4;

/**
 * Uploads the best of the first keyframes of `file`; null where none shows anything, or where the poster
 * could not be made: a chunk must not fail for its poster.
 */
export async function standInPoster(tools: StepTools, file: string): Promise<PlainObject | null> {
  const { context, proxy, outputs } = tools;
  try {
    const { url } = await proxy.file("movie", file);
    const luma: Buffer[] = [];
    const args = keyframeArgs(url, MAX_KEYFRAMES, join(context.scratch, "keyframe-%d.jpg"));
    assertRan(await tools.run(args, undefined, (bytes) => luma.push(bytes)), null);
    const scores = scoresOf(Buffer.concat(luma));
    const best = Math.max(0, ...scores);
    if (best === 0) return null;
    const still = join(context.scratch, `keyframe-${scores.indexOf(best)}.jpg`);
    return { ...(await outputs.put(NAME, still)), uploadId: null };
  } catch (error) {
    context.signal.throwIfAborted();
    context.log.warn({ reason: String(error) }, "no poster could be made of this chunk");
    return null;
  }
}
