/**
 * Workers of one machine that know nothing of each other share its cores: each says what it runs, and stops
 * its bulk for the others' express work.
 */
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { Api } from "../api.ts";
import type { Turns } from "./turns.ts";

/** Alone on its machine, or idle, a worker asks seldom. */
const IDLE_MS = 10_000;
const BUSY_MS = 1_000;
/** What neighbours ran is not heeded longer than this without an answer. */
const LOST_MS = 5_000;

/** The running kernel's id, which all containers of a machine share; the host name where there is none. */
function machineId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
  } catch {
    return hostname();
  }
}

type Options = {
  api: Pick<Api, "neighbours">;
  worker: string;
  turns: Turns;
  shutdown: AbortSignal;
  log: Logger;
};

/** Exchanges what runs with the other workers of this machine until `shutdown`. Never rejects. */
export async function heedNeighbours({ api, worker, turns, shutdown, log }: Options): Promise<void> {
  const machine = machineId();
  let wake = new AbortController();
  let heardAt = 0;
  let others = 0;
  turns.onRanks(() => wake.abort());
  while (!shutdown.aborted) {
    wake = new AbortController();
    const { express, short } = turns.ranks();
    try {
      const found = await api.neighbours({ worker, machine, express, short }, { signal: shutdown });
      heardAt = performance.now();
      others = found.workers;
      turns.setNeighbours(found);
    } catch (error) {
      // An API of an earlier release has no such route: then each worker goes by what it runs itself.
      log.debug({ reason: String(error) }, "the machine's other workers are not known");
      if (performance.now() - heardAt > LOST_MS) turns.setNeighbours({ express: 0, short: 0 });
    }
    const hasNeighbours = others > 0;
    const isBusy = Object.values(turns.ranks()).some((count) => count > 0);
    const signal = hasNeighbours ? AbortSignal.any([shutdown, wake.signal]) : shutdown;
    await delay(hasNeighbours && isBusy ? BUSY_MS : IDLE_MS, undefined, { signal }).catch(() => undefined);
  }
}
