/**
 * Records a worker's success: checked against the object store, recorded once; a repeated report gets the
 * same answer. Step 8 in docs/architecture.md begins here.
 */
import type { ReportAnswer, SucceedRequest } from "@storagex/contract/tasks/report";
import { sql } from "drizzle-orm";
import type { Edge } from "../context.ts";
import { isUnstorable } from "../db/failure.ts";
import { handOverSoon } from "../outbox/outbox.ts";
import { problem } from "../problem/problem.ts";
import { endTask } from "../tasks/fail.ts";
import { checkLease, type Reporter } from "../tasks/lease-check.ts";
import { provenBy } from "../tasks/lease-proof.ts";
import { countAttemptOf } from "../tasks/live-workers.ts";
import { recordFinish } from "./finish.ts";
import { recordAudio, recordEncode } from "./media.ts";
import { recordPlan } from "./plan.ts";
import { recordPoster } from "./poster.ts";

/**
 * Records a result. `done` also if the same attempt repeats its report; `gone` if it was overtaken or its
 * work is no longer needed. Throws `request.invalid` if the object store does not hold what was reported,
 * `storage.unavailable`, and the database's error if it cannot store the result: then the video has failed.
 */
export async function succeedTask(edge: Edge, taskId: string, report: SucceedRequest): Promise<ReportAnswer> {
  const { result, attempt, leaseSecret, adopted = attempt } = report;
  const leased = await checkLease(edge, { taskId, attempt, leaseSecret });
  if (!leased) return { outcome: "gone" };
  if (leased.state === "succeeded") return { outcome: "done" };
  if (!leased.needed || leased.state !== "running") return { outcome: "gone" };
  if (leased.kind !== result.kind)
    throw problem("request.invalid", {
      errors: [{ path: "result.kind", message: "is of another kind of task" }],
    });
  if (adopted > attempt)
    throw problem("request.invalid", { errors: [{ path: "adopted", message: "is no earlier attempt" }] });
  const reporter = { ...leased, leaseSecret, maker: { ...leased, attempt: adopted } };
  const recorded = await record(edge, reporter, result).catch(async (error: unknown) => {
    // Fails for good: every attempt would read the same from the file.
    const running = sql`${await provenBy(reporter)} AND tasks.state = 'running'`;
    if (isUnstorable(error)) await endTask(edge, taskId, running, "source.unstorable");
    throw error;
  });
  if (!recorded) {
    // Something changed between the read and the write: a concurrent identical report, or another transition.
    const now = await checkLease(edge, { taskId, attempt, leaseSecret });
    return { outcome: now?.state === "succeeded" ? "done" : "gone" };
  }
  countAttemptOf(edge, leased.worker, "done");
  handOverSoon(edge);
  return { outcome: "done" };
}

function record(edge: Edge, reporter: Reporter, result: SucceedRequest["result"]): Promise<boolean> {
  if (result.kind === "plan") return recordPlan(edge, reporter, result);
  if (result.kind === "encode") return recordEncode(edge, reporter, result);
  if (result.kind === "audio") return recordAudio(edge, reporter, result);
  if (result.kind === "poster") return recordPoster(edge, reporter, result);
  return recordFinish(edge, reporter, result);
}
