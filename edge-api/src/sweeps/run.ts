/**
 * Runs one round of the sweeps: repairs that are always safe, each in a bounded batch; a failing one does not
 * stop the others.
 */
import { CLOSED, closeDays } from "../audience/close-days.ts";
import { removeUnfinished } from "../captions/remove.ts";
import type { Edge } from "../context.ts";
import { sweepAccounts } from "../identity/delete-account.ts";
import { endOverdue } from "../imports/fail.ts";
import { endUndone, purgeDeleted } from "../lifecycle/delete.ts";
import { endDisabled } from "../lifecycle/end-processing.ts";
import { log, reasonOf } from "../observe/log.ts";
import { handOver } from "../outbox/outbox.ts";
import { emitExpired, emitLost, nameUnfinished, releaseMore } from "../outbox/repair.ts";
import { takeUploaded } from "../posters/uploads.ts";
import { compareCounters } from "../quota/compare.ts";
import { endExpired } from "../uploads/abort.ts";
import { assembleSources } from "../uploads/part-objects/assemble.ts";
import { removeParts } from "../uploads/part-objects/remove.ts";
import { handOverDeliveries } from "../webhooks/hand-over.ts";
import { dropOld, OLD_ROWS } from "./drop-old.ts";
import { foldTexts } from "./fold-texts.ts";
import { sweepObjects } from "./objects.ts";
import { RESEALED, reseal } from "./reseal.ts";

/** `batch`: a run that finds this many probably left more: the next round (an invocation) starts at once. */
type Sweep = {
  name: string;
  every: number;
  run: (edge: Edge, now: number) => Promise<number>;
  batch?: number;
};

/** Deleted videos per run: each takes a handful of subrequests, and Workers' free plan allows 50 a round. */
const PURGED = 5;

/** Deletions that become final per run; their objects go by the sweep of deleted videos, if not at once. */
const UNDONE = 50;

/**
 * Milliseconds between two runs of each. Sending outbox rows comes first, because a round may use up its
 * subrequests (50 on Workers' free plan). Messages that later sweeps write are sent in the next round.
 */
const SWEEPS: readonly Sweep[] = [
  { name: "hand-over", every: 0, run: (edge) => handOver(edge) },
  { name: "expired leases", every: 2_000, run: (edge) => emitExpired(edge, 50) },
  { name: "waiting tasks", every: 5_000, run: (edge) => releaseMore(edge, 20) },
  { name: "sources in parts", every: 5_000, run: (edge) => assembleSources(edge, 1) },
  { name: "parts of sources", every: 15_000, run: (edge) => removeParts(edge, 10) },
  { name: "uploaded posters", every: 2_000, run: (edge) => takeUploaded(edge, 5) },
  { name: "deliveries", every: 2_000, run: (edge) => handOverDeliveries(edge) },
  { name: "lost tasks", every: 30_000, run: (edge) => emitLost(edge) },
  { name: "expired tickets", every: 30_000, run: (edge) => endExpired(edge, 20) },
  { name: "overdue imports", every: 30_000, run: (edge) => endOverdue(edge, 20) },
  { name: "deleted accounts", every: 15_000, run: (edge) => sweepAccounts(edge, 5) },
  { name: "disabled accounts", every: 15_000, run: (edge) => endDisabled(edge, 5) },
  { name: "deletions past undoing", every: 2_000, run: (edge) => endUndone(edge, UNDONE), batch: UNDONE },
  { name: "deleted videos", every: 15_000, run: (edge) => purgeDeleted(edge, PURGED), batch: PURGED },
  { name: "counters of accounts", every: 60_000, run: (edge) => compareCounters(edge, 50) },
  { name: "days of audiences", every: 60_000, run: closeDays, batch: CLOSED },
  { name: "unfinished videos", every: 60_000, run: nameUnfinished },
  { name: "captions without an object", every: 600_000, run: (edge) => removeUnfinished(edge, 20) },
  { name: "texts to search", every: 30_000, run: foldTexts },
  { name: "secrets under earlier keys", every: 60_000, run: reseal, batch: RESEALED },
  { name: "old rows", every: 600_000, run: dropOld, batch: OLD_ROWS },
  { name: "objects without a row", every: 600_000, run: sweepObjects },
];

const sinceStart = new Map<string, number>();

/**
 * Runs the sweeps that are due at `now` (milliseconds). `lastRun` holds the time of each sweep's last run and
 * is updated. Returns how much work was found, whether the next round should start at once, and which sweeps
 * failed. Never throws.
 */
export async function sweep(
  edge: Edge,
  now: number,
  lastRun: Map<string, number> = sinceStart,
): Promise<{ found: number; isMore: boolean; failed: string[] }> {
  let found = 0;
  let isMore = false;
  const failed: string[] = [];
  for (const { name, every, run, batch } of SWEEPS) {
    if (now - (lastRun.get(name) ?? 0) < every) continue;
    lastRun.set(name, now);
    try {
      const count = await run(edge, now);
      found += count;
      if (batch !== undefined && count >= batch) {
        isMore = true;
        lastRun.delete(name);
      }
      if (count > 0) log("info", "swept", { sweep: name, count });
    } catch (error) {
      failed.push(name);
      log("error", "a sweep failed", { sweep: name, reason: reasonOf(error) });
    }
  }
  return { found, isMore, failed };
}
