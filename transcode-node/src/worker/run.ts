/**
 * One message from claim to acknowledgement: it is acknowledged only after the API has accepted the report
 * for its task.
 */

import { randomBytes } from "node:crypto";
import { MAX_UNANSWERED } from "@storagex/contract/tasks/lease";
import { type TaskMessage, taskMessageSchema } from "@storagex/contract/tasks/message";
import { jsonTextSchema } from "@storagex/contract/text/json-text";
import type { Logger } from "pino";
import type { Delivery } from "../broker/consume.ts";
import type { RetryStep } from "../broker/topology.ts";
import type { Metrics } from "../observe/metrics.ts";
import { keepTrying } from "../service/retry.ts";
import type { Api } from "./api.ts";
import type { Attempt } from "./attempt.ts";
import { HAND_BACK } from "./failures/failure.ts";

const HAND_BACK_WITHIN_MS = 5_000;

export type Runner = {
  api: Api;
  log: Logger;
  metrics: Metrics;
  worker: string;
  /** Aborts when this process is to end. */
  shutdown: AbortSignal;
  attempt: Attempt;
};

/** Processes `delivery`: claims its task, works, reports. Leaves it unacknowledged only at shutdown. */
export async function runMessage(runner: Runner, delivery: Delivery): Promise<void> {
  if (runner.shutdown.aborted) return;
  const message = parseMessage(delivery.body);
  if (!message) {
    runner.log.error(
      { body: delivery.body.toString("utf8", 0, 500) },
      "malformed message, to the dead letters",
    );
    runner.metrics.tasks.inc({ kind: "unknown", outcome: "malformed" });
    return delivery.deadLetter();
  }
  const { taskId, videoId, kind, index, traceparent } = message;
  const log = runner.log.child({ taskId, videoId, kind, index, traceId: traceparent?.split("-")[1] });
  const count = (outcome: string) => runner.metrics.tasks.inc({ kind, outcome });

  const claimId = randomBytes(16).toString("base64url");
  const unanswered = delivery.unanswered.slice(-MAX_UNANSWERED);
  const claim = await runner.api
    .claim(
      taskId,
      { worker: runner.worker, redelivered: delivery.redelivered, readsParts: true, claimId, unanswered },
      { traceparent: traceparent ?? null },
    )
    .catch((error: unknown) => {
      log.warn({ reason: String(error) }, "claim not answered");
      return { outcome: "unreachable" as const };
    });
  switch (claim.outcome) {
    case "unreachable":
      if (runner.shutdown.aborted) return;
      count("unreachable");
      // It may have been written all the same: the next claim says that nobody has that lease.
      return delivery.park(stepAfter(delivery.parked), delivery.parked + 1, [...unanswered, claimId]);
    case "unreadable":
      count("unreadable");
      log.error({ reason: claim.reason }, "this lease is of another version of the API: handed back, parked");
      await handBack(runner, taskId, claim.proof, log);
      if (runner.shutdown.aborted) return;
      return delivery.park(stepAfter(delivery.parked), delivery.parked + 1);
    case "busy":
      count("busy");
      log.info("held by somebody else, or not due yet: parked");
      return delivery.park("5s", 0, unanswered);
    case "gone":
      count("gone");
      log.info("nothing to do any more");
      return delivery.ack();
    case "leased":
      return runner.attempt(claim.lease, delivery, log);
  }
}

/**
 * Hands a lease back unused, while its message stays ours. Never throws: a lease that is not handed back
 * expires.
 */
async function handBack(
  { api, shutdown }: Runner,
  taskId: string,
  proof: { attempt: number; leaseSecret: string },
  log: Logger,
): Promise<void> {
  const act = () => api.fail(taskId, { ...proof, ...HAND_BACK, parked: true });
  await keepTrying(act, { until: performance.now() + HAND_BACK_WITHIN_MS, signal: shutdown }).catch(
    (error: unknown) => log.warn({ reason: String(error) }, "not handed back"),
  );
}

/** An API that stays unavailable is called at growing intervals. */
function stepAfter(parked: number): RetryStep {
  if (parked < 3) return "5s";
  return parked < 8 ? "30s" : "5m";
}

/** The task that a message names; null where it is no task message. */
export const parseMessage = (body: Buffer): TaskMessage | null =>
  jsonTextSchema.pipe(taskMessageSchema).safeParse(body.toString("utf8")).data ?? null;
