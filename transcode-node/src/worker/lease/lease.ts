/**
 * Keeps a lease: a report each second (every report is the heartbeat), the hard limit, and the lease's end.
 */
import { setTimeout as delay } from "node:timers/promises";
import { MAX } from "@storagex/contract/bounds";
import type { Lease } from "@storagex/contract/tasks/lease";
import type { Logger } from "pino";
import { keepTrying } from "../../service/retry.ts";
import type { HeldAnswer, StepContext } from "../../steps/step.ts";
import type { Api } from "../api.ts";
import { type Grants, makeGrants } from "./grants.ts";

const REPORT_EVERY_MS = 1_000;

/** Parts of a source, both numbers included. */
export type PartSpan = { from: number; to: number };

/**
 * Why the work must stop: `gone` (taken over, cancelled), `time` (hard limit), `shutdown` (this process
 * ends), `crowded` (its memory is needed for work that a person waits for), `bytes` (it `needs` parts of the
 * source that have not been uploaded yet).
 */
export class LeaseEnd extends Error {
  readonly why: "gone" | "time" | "shutdown" | "crowded" | "bytes";
  readonly needs: PartSpan[];
  constructor(why: LeaseEnd["why"], needs: PartSpan[] = []) {
    super(`the lease ended: ${why}`);
    this.needs = needs;
    this.name = "LeaseEnd";
    this.why = why;
  }
}

export type HeldLease = Pick<StepContext, "signal" | "progress" | "report"> & {
  grants: Grants;
  /** What ended the lease; null while it is valid. */
  ended(): LeaseEnd | null;
  /** Current hard limit in milliseconds of `performance.now()`: stopped time does not count, nor the time
   * for which the machine slept. */
  deadline(): number;
  /** Ends it for `why`; the task is then to be handed back. */
  end(why: "crowded"): void;
  /** Stops the reports; resolves when none is in progress. */
  release(): Promise<void>;
};

type Extra = Parameters<StepContext["report"]>[0] & { renew?: boolean; sourceParts?: number[] };

/**
 * Starts to report for `lease` until `release()`, `gone` or the hard limit, which `stoppedMs` extends.
 * `shutdown` ends it too.
 */
export function holdLease(
  lease: Lease,
  options: { api: Api; log: Logger; shutdown: AbortSignal; stoppedMs: () => number },
): HeldLease {
  const { api, log } = options;
  const controller = new AbortController();
  const released = new AbortController();
  const began = performance.now();
  const deadline = () => began + lease.hardLimitSeconds * 1_000 + options.stoppedMs();
  /** Aborts calls in progress: nobody waits for them after either. */
  const over = AbortSignal.any([controller.signal, released.signal]);
  const end = (why: LeaseEnd["why"], needs?: PartSpan[]) => {
    if (!over.aborted) controller.abort(new LeaseEnd(why, needs));
  };
  const ended = (): LeaseEnd | null => {
    const reason: unknown = controller.signal.reason;
    return reason instanceof LeaseEnd ? reason : null;
  };
  const untilLimit = () => setTimeout(atLimit, Math.max(1, deadline() - performance.now()));
  const atLimit = () => {
    if (performance.now() >= deadline()) end("time");
    else limit = untilLimit();
  };
  let limit = untilLimit();
  const onShutdown = () => end("shutdown");
  if (options.shutdown.aborted) onShutdown();
  options.shutdown.addEventListener("abort", onShutdown);

  let fraction = 0;
  let speed: number | null = null;
  let last: Promise<unknown> = Promise.resolve();

  async function send(extra: Extra): Promise<HeldAnswer> {
    const answer = await api.progress(
      lease.taskId,
      { attempt: lease.attempt, leaseSecret: lease.leaseSecret, progress: fraction, speed, ...extra },
      { traceparent: lease.traceparent, signal: over },
    );
    if (answer.outcome === "gone") {
      end("gone");
      throw new LeaseEnd("gone");
    }
    grants.take(answer);
    return answer;
  }

  /** One report at a time: responses must not overtake each other. */
  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = last.then(act);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function report(extra: Extra): Promise<HeldAnswer> {
    const onRetry = (error: unknown) => log.warn({ reason: String(error) }, "report not taken, trying again");
    try {
      return await inTurn(() => keepTrying(() => send(extra), { until: deadline(), signal: over, onRetry }));
    } catch (error) {
      throw ended() ?? error;
    }
  }

  async function beat(): Promise<void> {
    while (!over.aborted) {
      const started = performance.now();
      // An unavailable API does no harm: an expired lease that no other worker took over is still valid.
      await inTurn(() => send({ renew: grants.due() })).catch((error: unknown) => {
        if (!over.aborted) log.warn({ reason: String(error) }, "heartbeat not taken");
      });
      const rest = Math.max(0, started + REPORT_EVERY_MS - performance.now());
      await delay(rest, undefined, { signal: over }).catch(() => undefined);
    }
  }

  const grants = makeGrants(lease, report, (span) => {
    end("bytes", [span]);
    throw ended() ?? new LeaseEnd("bytes", [span]);
  });
  const beating = beat();
  return {
    signal: controller.signal,
    grants,
    ended,
    deadline,
    end,
    report,
    progress(to, at) {
      if (to > fraction) fraction = Math.min(1, to);
      speed = at === null || !Number.isFinite(at) ? null : Math.min(MAX.speed, Math.max(0, at));
    },
    async release() {
      clearTimeout(limit);
      options.shutdown.removeEventListener("abort", onShutdown);
      released.abort();
      await beating;
    },
  };
}
