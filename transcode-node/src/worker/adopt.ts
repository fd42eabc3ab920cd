/** Adopting: what an earlier attempt of the task made and left is reported as it is, so that nothing is encoded twice. */
import type { ReportAnswer } from "@storagex/contract/tasks/report";
import type { Lease } from "@storagex/contract/tasks/task";
import type { Logger } from "pino";
import { readLeft } from "../transfer/left-result.ts";
import { type Api, ApiError } from "./api.ts";
import type { Held } from "./lease.ts";
import { keepTrying } from "./retry.ts";

/** The API has just answered the claim: one that fails at this report for so long may fail at it for ever. */
const ADOPT_WITHIN_MS = 120_000;

/**
 * Reports the newest result left by an earlier attempt that the API takes, and answers the API's word for it; null where
 * there is none: then the work is to be done. Rejects when the lease ends meanwhile.
 */
export async function adoptLeft(
  lease: Lease,
  { api, held, log }: { api: Api; held: Held; log: Logger },
): Promise<ReportAnswer["outcome"] | null> {
  for (const left of lease.left) {
    const result = await readLeft(lease, left, held.signal);
    if (!result) continue;
    const { attempt, leaseSecret, taskId, traceparent } = lease;
    const report = { attempt, leaseSecret, result, adopted: left.attempt };
    try {
      const { outcome } = await keepTrying(() => api.succeed(taskId, report, { traceparent }), {
        until: Date.now() + ADOPT_WITHIN_MS,
        signal: held.signal,
        onRetry: (error) => log.warn({ reason: String(error) }, "adoption not taken, trying again"),
      });
      log.info({ from: left.attempt, said: outcome }, "adopted an earlier attempt's outputs");
      return outcome;
    } catch (error) {
      held.signal.throwIfAborted();
      log.warn({ from: left.attempt, reason: String(error) }, "an earlier attempt's outputs are of no use");
      if (!(error instanceof ApiError && error.permanent)) return null;
    }
  }
  return null;
}
