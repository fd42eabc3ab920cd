/** The limits of a video's lifecycle: leases, retries, releases and maximum durations, in seconds. */

export const LEASE_SECONDS = 15;
/**
 * A redelivered message means that the broker lost its worker. The next worker may take over after this long
 * without a report.
 */
export const TAKEOVER_SECONDS = 6;
/**
 * Delay from the end of a lease to the message that offers the task to others. The database itself may have
 * been unavailable, and a live worker has reported again after this long (it waits up to 5 s between two
 * tries).
 */
export const RETURN_SECONDS = 6;
/** Interval between two writes of one task's progress. */
export const WRITE_SECONDS = 0.8;

/** A worker's URLs stay valid for this long after its hard limit. */
export const URL_MARGIN = 1_800;

/** Delays before a failed task is tried again. One more failure ends it. */
export const RETRY_DELAYS: readonly number[] = [5, 30, 300];
/** Delay after a failure of the object store, which a worker has already waited for, and for how long none is counted. */
export const STORE_AWAY_RETRY_SECONDS = 60;
export const STORE_AWAY_SECONDS = 43_200;
/** Maximum number of claims that end without a report. */
export const MAX_INTERRUPTIONS = 5;

/** Encode tasks of one video that may be released at a time. */
export const MIN_RELEASED = 4;
export const RELEASED_PER_WORKER = 2;
/** A worker that sent a hello within this time is live. */
export const WORKER_ALIVE_SECONDS = 30;

/** Outbox rows are claimed for this long. If sending fails, they are retried after OUTBOX_RETRY_SECONDS. */
export const OUTBOX_CLAIM_SECONDS = 30;
export const OUTBOX_RETRY_SECONDS = 2;
/**
 * Age of a published task that nobody claimed: it is lost if the queue is empty. Otherwise it counts as lost
 * only after the longer time.
 */
export const LOST_SECONDS = 300;
export const LOST_ANYWAY_SECONDS = 1_800;

/** A tombstone stays until no issued URL can still write: the longest URL, the longest task, and an hour. */
export const PURGE_SECONDS = 2 * 21_600 + URL_MARGIN + 3_600;
/** Shorter for a ticket: its part URLs became invalid with its upload. */
export const PURGE_TICKET_SECONDS = 600;
/** No URL of a part object is valid for longer, and a PUT that began may end a while after it. */
export const PART_URL_SECONDS = 3_600 + 300;
