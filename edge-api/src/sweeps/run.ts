/** One round of the sweeps: repairs that may always run, each in a bounded batch, none stopping the others. */
import { removeUnfinished } from "../captions/remove.ts";
import type { Edge } from "../context.ts";
import { sweepAccounts } from "../identity/delete-account.ts";
import { purgeDeleted } from "../lifecycle/delete.ts";
import { log, reasonOf } from "../observe/log.ts";
import { handOver } from "../outbox/outbox.ts";
import { emitExpired, emitLost, nameUnfinished, releaseMore } from "../outbox/repair.ts";
import { compareCounters } from "../quota/compare.ts";
import { endExpired } from "../uploads/abort.ts";
import { dropOld } from "./drop-old.ts";
import { foldTexts } from "./fold-texts.ts";
import { sweepObjects } from "./objects.ts";

/** `batch`: where a run finds so many there are more, and the next round, an invocation of its own, goes on at once. */
type Sweep = {
  name: string;
  every: number;
  run: (edge: Edge, now: number) => Promise<number>;
  batch?: number;
};

/** Deleted videos that one run takes: a handful of requests each, and a round may make 50 on Workers' free plan. */
const PURGED = 5;

/**
 * Milliseconds between two runs of each. The hand-over comes first: a round may use up what it may ask of others (50 requests
 * on Workers' free plan). What the rest writes goes out in the next round.
 */
const SWEEPS: readonly Sweep[] = [
  { name: "hand-over", every: 0, run: (edge) => handOver(edge) },
  { name: "expired leases", every: 2_000, run: (edge) => emitExpired(edge, 50) },
  { name: "waiting tasks", every: 5_000, run: (edge) => releaseMore(edge, 20) },
  { name: "lost tasks", every: 30_000, run: (edge) => emitLost(edge) },
  { name: "expired tickets", every: 30_000, run: (edge) => endExpired(edge, 20) },
  { name: "deleted accounts", every: 15_000, run: (edge) => sweepAccounts(edge, 5) },
  { name: "deleted videos", every: 15_000, run: (edge) => purgeDeleted(edge, PURGED), batch: PURGED },
  { name: "counters of accounts", every: 60_000, run: (edge) => compareCounters(edge, 50) },
  { name: "unfinished videos", every: 60_000, run: nameUnfinished },
  { name: "captions without an object", every: 600_000, run: (edge) => removeUnfinished(edge, 20) },
  { name: "texts to search", every: 30_000, run: foldTexts },
  { name: "old rows", every: 600_000, run: dropOld },
  { name: "objects without a row", every: 600_000, run: sweepObjects },
];

const sinceStart = new Map<string, number>();

/**
 * Runs what is due at `now` (milliseconds), by `lastRun`: when each sweep ran last, which is brought up to date. Returns
 * how much work was found, whether some is left that the next round should not wait for, and which sweeps failed. Never throws.
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
