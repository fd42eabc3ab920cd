/** Keeps the services running: writes their pids, restarts a dead one with back-off, stops them in order. */
import type { ChildProcess } from "node:child_process";
import { renameSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Service } from "../services/service.ts";
import type { DataFolder } from "../setup/data-folder.ts";
import { endChild, launch } from "./launch.ts";
import { logEnd } from "./log-end.ts";
import { LOG_LIMIT, limitLog } from "./log-limit.ts";
import { until } from "./probe.ts";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
const DEATHS_THAT_END = 5;
const DEATHS_WITHIN_MS = 60_000;

/** A service that could not be kept running; its message ends with its log. */
export class PartFailure extends Error {
  constructor(part: string, reason: string, words: string) {
    super(`${part} ${reason}\n--- the end of its log ---\n${words}`);
    this.name = "PartFailure";
  }
}

type Running = { part: Service; child: ChildProcess | undefined; deaths: number[]; isReady: boolean };

export type Supervisor = {
  /** Starts a service and resolves when it is ready; throws PartFailure. From then on it is kept running. */
  start(part: Service): Promise<void>;
  /** Stops services by name, wave after wave; what is in no wave stops first. Restarts nothing. */
  stop(waves: readonly (readonly string[])[]): Promise<void>;
  /** Kills everything at once. */
  kill(): void;
};

/** `say` prints a line; `onCollapse` is called for a service that died too often after it was ready. */
export function createSupervisor(
  folder: DataFolder,
  say: (line: string) => void,
  onCollapse: (failure: PartFailure) => void,
  logLimit = LOG_LIMIT,
): Supervisor {
  const all = new Map<string, Running>();
  let isStopping = false;
  let collapse: PartFailure | undefined;

  const logOf = (part: Service): string => join(folder.log, `${part.name}.log`);
  const pidOf = (part: Service): string => join(folder.run, `${part.name}.pid`);

  const limitLogs = async (): Promise<void> => {
    for (const { part } of all.values()) {
      await limitLog(logOf(part), logLimit.bytes).catch((error: unknown) =>
        say(`${part.name}: ${String(error)}`),
      );
    }
  };
  const logCheck = setInterval(() => void limitLogs(), logLimit.everyMs);
  logCheck.unref();

  async function spawn(kept: Running): Promise<void> {
    const { part } = kept;
    await part.prepare?.();
    if (isStopping) return;
    const child = launch(part, folder.root, logOf(part));
    kept.child = child;
    child.once("exit", (code, signal) => void heal(kept, signal ?? `code ${code}`));
    child.once("error", (error) => void heal(kept, error.message));
    if (child.pid !== undefined) writePid(pidOf(part), child.pid);
  }

  async function heal(kept: Running, how: string): Promise<void> {
    const { part } = kept;
    kept.isReady = false;
    if (isStopping) return;
    const now = Date.now();
    kept.deaths = [...kept.deaths.filter((at) => now - at < DEATHS_WITHIN_MS), now];
    if (kept.deaths.length >= DEATHS_THAT_END) {
      const reason = `ended ${kept.deaths.length} times within a minute (last: ${how})`;
      collapse = new PartFailure(part.name, reason, await logEnd(logOf(part)));
      onCollapse(collapse);
      return;
    }
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (kept.deaths.length - 1), LONGEST_PAUSE_MS);
    say(`${part.name} ended (${how}): starting it again in ${pause / 1000} s`);
    await sleep(pause);
    if (isStopping) return;
    try {
      await spawn(kept);
      if (await serves(kept)) say(`${part.name} is back`);
    } catch (error) {
      await heal(kept, error instanceof Error ? error.message : String(error));
    }
  }

  /** Waits until exactly this child is ready; false when it ended or took too long. */
  async function serves(kept: Running): Promise<boolean> {
    const { child, part } = kept;
    const isOver = (): boolean => isStopping || collapse !== undefined || kept.child !== child;
    const answer = async (): Promise<boolean> => {
      // Another program on the same port must not pass for a service that has ended.
      kept.isReady = (await part.isReady()) && child?.exitCode === null && child.signalCode === null;
      return kept.isReady;
    };
    await until(async () => isOver() || (await answer()), part.readyWithinMs);
    return kept.isReady && !isOver();
  }

  return {
    async start(part) {
      const kept: Running = { part, child: undefined, deaths: [], isReady: false };
      all.set(part.name, kept);
      await limitLog(logOf(part), logLimit.bytes);
      await spawn(kept);
      const end = Date.now() + part.readyWithinMs;
      while (!(await serves(kept))) {
        if (isStopping) throw new Error("stopped while starting");
        if (collapse) throw collapse;
        if (Date.now() > end) {
          const reason = `was not ready within ${part.readyWithinMs / 1000} s`;
          throw new PartFailure(part.name, reason, await logEnd(logOf(part)));
        }
        await sleep(50);
      }
    },

    async stop(waves) {
      isStopping = true;
      clearInterval(logCheck);
      const named = new Set(waves.flat());
      const first = [...all.keys()].filter((name) => !named.has(name));
      for (const wave of [first, ...waves]) await Promise.all(wave.map((name) => end(all.get(name))));
    },

    kill() {
      isStopping = true;
      for (const { child } of all.values()) child?.kill("SIGKILL");
    },
  };

  async function end(kept: Running | undefined): Promise<void> {
    if (!kept?.child) return;
    await endChild(kept.child, kept.part);
    await rm(pidOf(kept.part), { force: true });
  }
}

/**
 * The file is complete at any time and names the newest child: no await comes between a start and its pid.
 */
function writePid(file: string, pid: number): void {
  writeFileSync(`${file}.new`, `${pid}\n`);
  renameSync(`${file}.new`, file);
}
