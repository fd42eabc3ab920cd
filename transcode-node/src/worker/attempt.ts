/**
 * One attempt at a leased task: the step runs while the lease is valid, then exactly one final report goes to
 * the API.
 */
import type { MediaNote } from "@storagex/contract/media/note";
import type { Lease } from "@storagex/contract/tasks/lease";
import type { ReportAnswer, TaskResult } from "@storagex/contract/tasks/report";
import type { Logger } from "pino";
import type { Delivery } from "../broker/consume.ts";
import { TaskProcesses, taskProcesses } from "../media/run/task-processes.ts";
import { crashPoint } from "../observe/crash.ts";
import type { Metrics } from "../observe/metrics.ts";
import { ApiError } from "../service/api-error.ts";
import { keepTrying } from "../service/retry.ts";
import type { StepContext } from "../steps/step.ts";
import { leaveResult } from "../transfer/left-result.ts";
import { adoptLeft } from "./adopt.ts";
import type { Api } from "./api.ts";
import { detailOf, type Failure, failure, failureOf, HAND_BACK, refusalOf } from "./failures/failure.ts";
import { type HeldLease, holdLease } from "./lease/lease.ts";
import { withScratch } from "./scratch/scratch.ts";
import type { ScratchSpace } from "./scratch/scratch-space.ts";
import { NICENESS } from "./turns/precedence.ts";
import { firstRank, laterRank, memoryOf } from "./turns/share.ts";
import type { Turn, Turns } from "./turns/turns.ts";

/** A step has 2 s to end after its signal; then the slot continues without it. */
const ABANDON_AFTER_MS = 4_000;
/** Time for the final report even when the hard limit is reached. */
const MIN_ANSWER_MS = 60_000;
const HAND_BACK_WITHIN_MS = 2_000;

/** Does a lease's work. Throws MediaFailure with a reason, or anything else for `transcoder.crashed`. */
export type Perform = (lease: Lease, context: StepContext) => Promise<TaskResult>;
/** Still to be reported. */
type Answer = { result: TaskResult } | { failure: Failure };
type AttemptResult = Answer | { adopted: ReportAnswer["outcome"] };
type At = { processes: TaskProcesses; delivery: Delivery; log: Logger };
type Options = {
  api: Api;
  metrics: Metrics;
  shutdown: AbortSignal;
  scratch: string;
  tools: StepContext["tools"];
  turns: Turns;
  space: ScratchSpace;
  perform: Perform;
};
export type Attempt = (lease: Lease, delivery: Delivery, log: Logger) => Promise<void>;

/**
 * Attempts of one worker: each resolves when its delivery is acknowledged or parked, or left to the broker at
 * shutdown.
 */
export function makeAttempt(options: Options): Attempt {
  const { api, metrics, shutdown } = options;

  /**
   * Sends the final report, repeatedly until the API accepts it; false when it could not be delivered in
   * time.
   */
  async function answer(lease: Lease, outcome: Answer, held: HeldLease, log: Logger): Promise<boolean> {
    const proof = { attempt: lease.attempt, leaseSecret: lease.leaseSecret };
    const at = { traceparent: lease.traceparent };
    const handBack = "failure" in outcome && outcome.failure.handBack;
    const until = handBack
      ? performance.now() + HAND_BACK_WITHIN_MS
      : Math.max(held.deadline(), performance.now() + MIN_ANSWER_MS);
    const act = () =>
      "result" in outcome
        ? api.succeed(lease.taskId, { ...proof, result: outcome.result }, at)
        : api.fail(lease.taskId, { ...proof, ...outcome.failure }, at);
    const onRetry = (error: unknown) => log.warn({ reason: String(error) }, "answer not taken, trying again");
    try {
      const { outcome: said } = await keepTrying(act, {
        until,
        onRetry,
        ...(handBack ? {} : { signal: shutdown }),
      });
      log.info({ said }, "answered");
      return true;
    } catch (error) {
      log.error({ reason: String(error) }, "answer not delivered");
      if (!(error instanceof ApiError && error.permanent)) return false;
      // Reported as a failure at once, so that the uploader reads a reason instead of waiting for the same
      // refusal again.
      if ("result" in outcome) return answer(lease, { failure: refusalOf(error) }, held, log);
      // In a form that every release accepts; if that is refused too, only the lease's end remains.
      if (outcome.failure.code === "transcoder.result_refused") return false;
      return answer(lease, { failure: failure("transcoder.result_refused") }, held, log);
    }
  }

  /** Runs the step in its own folder until it ends or, after its lease ended, is abandoned. */
  function performed(
    lease: Lease,
    held: HeldLease,
    { log, turn, delivery, notes }: { log: Logger; turn: Turn; delivery: Delivery; notes: MediaNote[] },
  ): Promise<TaskResult> {
    /** The first piece is published: the rest spans the whole file, and no first frame waits for it. */
    const giveWay = () => {
      if (lease.kind !== "audio") return;
      turn.lower(laterRank(lease));
      delivery.freePlace();
    };
    const report: HeldLease["report"] = async (extra) => {
      const answer = await held.report(extra);
      if (extra.pieces?.length) giveWay();
      return answer;
    };
    if (lease.kind === "audio" && lease.pinned.pieces > 0) giveWay();
    return withScratch(options.scratch, lease, (scratch) =>
      Promise.race([
        options.perform(lease, {
          scratch,
          signal: held.signal,
          log,
          tools: options.tools,
          source: held.grants.source,
          inputs: held.grants.inputs,
          progress: held.progress,
          note: (note) => notes.push(note),
          report,
        }),
        abandoned(held.signal),
      ]),
    );
  }

  /** Adopts what an earlier attempt left, or runs the step in its turn. */
  async function work(lease: Lease, held: HeldLease, at: At): Promise<AttemptResult> {
    const { log } = at;
    try {
      const adopted = await adoptLeft(lease, { api, held, log });
      if (adopted) return { adopted };
      const notes: MediaNote[] = [];
      const turn = await options.turns.enter({
        rank: firstRank(lease),
        isLight: lease.kind === "finish" || lease.kind === "poster",
        memory: memoryOf(lease),
        processes: at.processes,
        onOvertime: at.delivery.freePlace,
        onCrowded: () => held.end("crowded"),
        signal: held.signal,
      });
      const made = await taskProcesses
        .run(at.processes, () => performed(lease, held, { log, turn, delivery: at.delivery, notes }))
        .finally(turn.leave);
      const result = { ...made, notes };
      await leaveResult(lease, result, held.signal).catch((error: unknown) =>
        log.warn({ reason: String(error) }, "result not left: only the report can tell of it"),
      );
      return { result };
    } catch (error) {
      const ended = held.ended();
      const why = failureOf(error, ended);
      if (ended) log.info({ ended: ended.why }, "attempt stopped");
      else log.warn({ err: error, code: why.code }, "attempt failed");
      // Its own folder is removed: what is lacking now is lacking for every task.
      if (!ended && (await options.space.isLacking(why.code))) return { failure: HAND_BACK };
      return { failure: { ...why, detail: why.detail ?? detailOf(lease) } };
    }
  }

  return async (lease, delivery, parentLog) => {
    const log = parentLog.child({ attempt: lease.attempt });
    log.info("claimed");
    crashPoint("after_claim");
    const observe = metrics.seconds.startTimer({ kind: lease.kind });
    metrics.active.inc();
    const processes = new TaskProcesses(NICENESS[firstRank(lease)]);
    const held = holdLease(lease, { api, log, shutdown, stoppedMs: () => processes.stoppedMs() });
    const outcome = await work(lease, held, { processes, delivery, log });
    await held.release();
    metrics.active.dec();
    observe();
    const count = (how: string) => metrics.tasks.inc({ kind: lease.kind, outcome: how });
    if ("adopted" in outcome) {
      count(outcome.adopted === "done" ? "adopted" : "overtaken");
      return delivery.ack();
    }
    const gone = held.ended()?.why === "gone";
    count(gone ? "overtaken" : "result" in outcome ? "succeeded" : "failed");
    if (gone) {
      log.info("lease gone, work dropped");
      return delivery.ack();
    }
    if ("result" in outcome) crashPoint("before_succeed");
    const delivered = await answer(lease, outcome, held, log);
    crashPoint("before_ack");
    if (delivered) return delivery.ack();
    // Left unacknowledged at shutdown, the broker redelivers it at once; otherwise it waits for the API to
    // come back.
    if (!shutdown.aborted) await delivery.park("30s", 0);
  };
}

/** Rejects a while after `signal` aborts. */
function abandoned(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const start = () =>
      setTimeout(() => reject(new Error("the step did not end when told to")), ABANDON_AFTER_MS).unref();
    if (signal.aborted) start();
    else signal.addEventListener("abort", start, { once: true });
  });
}
