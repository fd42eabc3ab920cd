/** One round of the sweeps: repairs that may always run, each in a bounded batch, none stopping the others. */
import { removeUnfinished } from "../captions/remove.ts";
import type { Edge } from "../edge.ts";
import { log, reasonOf } from "../http/log.ts";
import { sweepAccounts } from "../identity/delete-account.ts";
import { purgeDeleted } from "../lifecycle/delete.ts";
import { handOver } from "../lifecycle/outbox.ts";
import { emitExpired, emitLost, nameUnfinished, releaseMore } from "../lifecycle/repair.ts";
import { endExpired } from "../upload/abort.ts";
import { dropOld } from "./drop-old.ts";
import { foldTexts } from "./fold-texts.ts";
import { sweepObjects } from "./objects.ts";

type Sweep = { name: string; every: number; run: (edge: Edge, now: number) => Promise<number> };

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
  { name: "deleted videos", every: 15_000, run: purgeAll },
  { name: "unfinished videos", every: 60_000, run: nameUnfinished },
  { name: "captions without an object", every: 600_000, run: (edge) => removeUnfinished(edge, 20) },
  { name: "texts to search", every: 30_000, run: foldTexts },
  { name: "old rows", every: 600_000, run: dropOld },
  { name: "objects without a row", every: 600_000, run: sweepObjects },
];

const PURGE_BATCH = 5;
/** How long one run goes on purging: a backlog of thousands goes within minutes, and the other sweeps have their turn. */
const PURGE_MS = 2_000;

async function purgeAll(edge: Edge): Promise<number> {
  const began = Date.now();
  let looked = 0;
  for (;;) {
    const batch = await purgeDeleted(edge, PURGE_BATCH);
    looked += batch;
    if (batch < PURGE_BATCH || Date.now() - began > PURGE_MS) return looked;
  }
}

const sinceStart = new Map<string, number>();

/**
 * Runs what is due at `now` (milliseconds), by `lastRun`: when each sweep ran last, which is brought up to date. Returns
 * how much work was found, and which sweeps failed. Never throws.
 */
export async function sweep(
  edge: Edge,
  now: number,
  lastRun: Map<string, number> = sinceStart,
): Promise<{ found: number; failed: string[] }> {
  let found = 0;
  const failed: string[] = [];
  for (const { name, every, run } of SWEEPS) {
    if (now - (lastRun.get(name) ?? 0) < every) continue;
    lastRun.set(name, now);
    try {
      const count = await run(edge, now);
      found += count;
      if (count > 0) log("info", "swept", { sweep: name, count });
    } catch (error) {
      failed.push(name);
      log("error", "a sweep failed", { sweep: name, reason: reasonOf(error) });
    }
  }
  return { found, failed };
}
