/** Adopts: reports what an earlier attempt of the task made and left, so that nothing is encoded twice. */

import type { Lease } from "@storagex/contract/tasks/lease";
import type { ReportAnswer } from "@storagex/contract/tasks/report";
import type { Logger } from "pino";
import { ApiError } from "../service/api-error.ts";
import { keepTrying } from "../service/retry.ts";
import { readLeft } from "../transfer/left-result.ts";
import type { Api } from "./api.ts";
import type { HeldLease } from "./lease/lease.ts";

/** The API has just answered the claim: a report that keeps failing for this long may fail for ever. */
const ADOPT_WITHIN_MS = 120_000;

/**
 * Reports the latest result left by an earlier attempt that the API accepts, and returns the API's response;
 * null where there is none and the work must be done. Rejects when the lease ends meanwhile.
 */
export async function adoptLeft(
  lease: Lease,
  { api, held, log }: { api: Api; held: HeldLease; log: Logger },
): Promise<ReportAnswer["outcome"] | null> {
  for (const left of lease.left) {
    const result = await readLeft(lease, left, held.signal);
    if (!result) continue;
    const { attempt, leaseSecret, taskId, traceparent } = lease;
    const report = { attempt, leaseSecret, result, adopted: left.attempt };
    try {
      const { outcome } = await keepTrying(() => api.succeed(taskId, report, { traceparent }), {
        until: performance.now() + ADOPT_WITHIN_MS,
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
