/** Takes one file through the worker's own probe and plan, in process, and reports how it ended. */
import { type CutPlan, cutPlanSchema } from "@storagex/contract/tasks/plan";
import { MediaFailure } from "../../../transcode-node/src/media/failure.ts";
import type { Store } from "../../../transcode-node/src/testing/store.ts";
import { plan } from "../../../transcode-node/src/testing/walk.ts";

/** `ended` is a word or a failure's code; `fault` is what was wrong, null where everything was correct. */
export type Outcome = { ended: string; fault: string | null };

/** Seconds within which a plan must end, on a busy machine: FFmpeg's own limits end it much later. */
const PLAN_SECONDS = 90;

/** Codes that blame us, or a storage that does not fail here: a damaged file must get a reason of its own. */
export const isOurs = (code: string): boolean =>
  code.startsWith("transcoder.") || code === "source.unreadable" || code === "source.changed";

/** Probe and plan of `bytes`; `made` is null where they were refused. */
export async function planned(
  store: Store,
  key: string,
  bytes: Buffer,
): Promise<Outcome & { made: CutPlan | null }> {
  store.put(key, bytes);
  const signal = AbortSignal.timeout(PLAN_SECONDS * 1000);
  try {
    const made = cutPlanSchema.parse(await plan({ store, key, signal }));
    return { ended: "planned", fault: null, made };
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (signal.aborted) return { ended: "hung", fault: "not ended within its limit", made: null };
    if (!(error instanceof MediaFailure)) return { ended: "crashed", fault: why, made: null };
    return { ended: error.code, fault: isOurs(error.code) ? error.message : null, made: null };
  } finally {
    for (const name of store.objects.keys()) if (name.includes(key)) store.objects.delete(name);
  }
}
