/** The numbers of the lifecycle in one place: leases, retries, releases, and how long anything may take. Seconds. */
import type { TaskKind } from "@storagex/contract/tasks/task";

export const LEASE_SECONDS = 15;
/** A redelivered message means that the broker lost its worker: it may take over after this silence. */
export const TAKEOVER_SECONDS = 6;
/**
 * From a lease's end to the message that offers the task to others: the silence may have been the database's own, and a
 * worker that lives has reported again after so long (it waits up to 5 s between two tries).
 */
export const RETURN_SECONDS = 6;
/** Between two writes of one task's progress. */
export const WRITE_SECONDS = 0.8;

/** Wall time after which a worker kills its own work; half of the broker's consumer timeout (12 h) at most. */
export const HARD_LIMIT: Readonly<Record<TaskKind, number>> = {
  plan: 3_600,
  encode: 10_800,
  audio: 21_600,
  finish: 10_800,
};
/** A worker's URLs outlive its hard limit. */
export const URL_MARGIN = 1_800;

/** Waits before a failed task is tried again; one failure more ends it. */
export const RETRY_DELAYS: readonly number[] = [5, 30, 300];
/** Claims that ended without a report. */
export const MAX_INTERRUPTIONS = 5;

/** Encode tasks of one video that may be out at a time. */
export const MIN_RELEASED = 4;
export const RELEASED_PER_WORKER = 2;
/** A worker that said hello within this time is live. */
export const WORKER_ALIVE_SECONDS = 30;

/** Outbox rows are claimed this long; one whose hand-over failed is tried again soon. */
export const OUTBOX_CLAIM_SECONDS = 30;
export const OUTBOX_RETRY_SECONDS = 2;
/** A published task that nobody claimed: lost where the queue is empty, else asked for only after the longer time. */
export const LOST_SECONDS = 300;
export const LOST_ANYWAY_SECONDS = 1_800;

/** A tombstone stays until no URL given out can still write: the longest URL, the longest task, an hour. */
export const PURGE_SECONDS = 2 * 21_600 + URL_MARGIN + 3_600;
/** A ticket's part URLs died with its upload. */
export const PURGE_TICKET_SECONDS = 600;
