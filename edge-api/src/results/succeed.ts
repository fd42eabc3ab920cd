/** A worker's success: checked against the store, recorded once, answered the same when it is said again. Step 8 begins here. */
import type { ReportAnswer, SucceedRequest } from "@storagex/contract/tasks/report";
import { sql } from "drizzle-orm";
import type { Edge } from "../context.ts";
import { isUnstorable } from "../db/failure.ts";
import { handOverSoon } from "../outbox/outbox.ts";
import { problem } from "../problem/problem.ts";
import { endTask } from "../tasks/fail.ts";
import { checkLease, type Reporter } from "../tasks/lease-check.ts";
import { provenBy } from "../tasks/proof.ts";
import { recordFinish } from "./finish.ts";
import { recordAudio, recordEncode } from "./media.ts";
import { recordPlan } from "./plan.ts";

/**
 * Records a result. `done` also when the same attempt says it again; `gone` where it was overtaken or is not wanted.
 * Throws `request.invalid` where the store does not hold what was said, `storage.unavailable`, and the database's error
 * where it cannot hold the result: then the video has failed.
 */
export async function succeedTask(edge: Edge, taskId: string, report: SucceedRequest): Promise<ReportAnswer> {
  const { result, attempt, leaseSecret, adopted = attempt } = report;
  const held = await checkLease(edge, { taskId, attempt, leaseSecret });
  if (!held) return { outcome: "gone" };
  if (held.state === "succeeded") return { outcome: "done" };
  if (!held.wanted || held.state !== "running") return { outcome: "gone" };
  if (held.kind !== result.kind)
    throw problem("request.invalid", {
      errors: [{ path: "result.kind", message: "is of another kind of task" }],
    });
  if (adopted > attempt)
    throw problem("request.invalid", { errors: [{ path: "adopted", message: "is no earlier attempt" }] });
  const reporter = { ...held, leaseSecret, maker: { ...held, attempt: adopted } };
  const recorded = await record(edge, reporter, result).catch(async (error: unknown) => {
    // Every attempt would read the same in the file.
    const running = sql`${await provenBy(reporter)} AND tasks.state = 'running'`;
    if (isUnstorable(error)) await endTask(edge, taskId, running, "source.unstorable");
    throw error;
  });
  if (!recorded) {
    // Between the reading and the writing: the same report twice at once, or somebody else's move.
    const now = await checkLease(edge, { taskId, attempt, leaseSecret });
    return { outcome: now?.state === "succeeded" ? "done" : "gone" };
  }
  handOverSoon(edge);
  return { outcome: "done" };
}

function record(edge: Edge, reporter: Reporter, result: SucceedRequest["result"]): Promise<boolean> {
  if (result.kind === "plan") return recordPlan(edge, reporter, result);
  if (result.kind === "encode") return recordEncode(edge, reporter, result);
  if (result.kind === "audio") return recordAudio(edge, reporter, result);
  return recordFinish(edge, reporter, result);
}
