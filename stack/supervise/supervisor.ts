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

/** Between two probes of a service that starts. */
const PROBE_EVERY_MS = 50;
const LAST_LOOK_MS = 1_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
const DEATHS_THAT_END = 5;
const DEATHS_WITHIN_MS = 60_000;

/** A service that could not be kept running; its message ends with its log. */
export class ServiceFailure extends Error {
  constructor(service: string, reason: string, words: string) {
    super(`${service} ${reason}\n--- the end of its log ---\n${words}`);
    this.name = "ServiceFailure";
  }
}

type Running = { service: Service; child: ChildProcess | undefined; deaths: number[]; isReady: boolean };

export type Supervisor = {
  /** Starts a service and resolves when it is ready; throws ServiceFailure. From then on it is kept running. */
  start(service: Service): Promise<void>;
  /** Stops services by name, wave after wave; what is in no wave stops first. Restarts nothing. */
  stop(waves: readonly (readonly string[])[]): Promise<void>;
  /** Kills everything at once. */
  kill(): void;
};

/** `print` prints a line; `onCollapse` is called for a service that died too often after it was ready. */
export function createSupervisor(
  folder: DataFolder,
  print: (line: string) => void,
  onCollapse: (failure: ServiceFailure) => void,
  logLimit = LOG_LIMIT,
): Supervisor {
  const all = new Map<string, Running>();
  let isStopping = false;
  let collapse: ServiceFailure | undefined;

  const logOf = (service: Service): string => join(folder.log, `${service.name}.log`);
  const pidOf = (service: Service): string => join(folder.run, `${service.name}.pid`);

  const limitLogs = async (): Promise<void> => {
    for (const { service } of all.values()) {
      await limitLog(logOf(service), logLimit.bytes).catch((error: unknown) =>
        print(`${service.name}: ${String(error)}`),
      );
    }
  };
  const logCheck = setInterval(() => void limitLogs(), logLimit.everyMs);
  logCheck.unref();

  async function spawn(entry: Running): Promise<void> {
    const { service } = entry;
    await service.prepare?.();
    if (isStopping) return;
    const child = launch(service, folder.root, logOf(service));
    entry.child = child;
    child.once("exit", (code, signal) => void heal(entry, signal ?? `code ${code}`));
    child.once("error", (error) => void heal(entry, error.message));
    if (child.pid !== undefined) writePid(pidOf(service), child.pid);
  }

  async function heal(entry: Running, how: string): Promise<void> {
    const { service } = entry;
    entry.isReady = false;
    if (isStopping) return;
    const now = Date.now();
    entry.deaths = [...entry.deaths.filter((at) => now - at < DEATHS_WITHIN_MS), now];
    if (entry.deaths.length >= DEATHS_THAT_END) {
      const reason = `ended ${entry.deaths.length} times within a minute (last: ${how})`;
      collapse = new ServiceFailure(service.name, reason, await logEnd(logOf(service)));
      onCollapse(collapse);
      return;
    }
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (entry.deaths.length - 1), LONGEST_PAUSE_MS);
    print(`${service.name} ended (${how}): starting it again in ${pause / 1000} s`);
    await sleep(pause);
    if (isStopping) return;
    try {
      await spawn(entry);
      if (await servesAtLast(entry)) print(`${service.name} is back`);
    } catch (error) {
      await heal(entry, error instanceof Error ? error.message : String(error));
    }
  }

  /** Waits until exactly this child is ready; false when it ended or took too long. */
  async function serves(entry: Running, withinMs = entry.service.readyWithinMs): Promise<boolean> {
    const { child, service } = entry;
    const isOver = (): boolean => isStopping || collapse !== undefined || entry.child !== child;
    const answer = async (): Promise<boolean> => {
      // Another program on the same port must not pass for a service that has ended.
      entry.isReady = (await service.isReady()) && child?.exitCode === null && child.signalCode === null;
      return entry.isReady;
    };
    await until(async () => isOver() || (await answer()), withinMs, PROBE_EVERY_MS);
    return entry.isReady && !isOver();
  }

  /** Waits as `serves`, and on as long as the child says that it is starting; `onStarting` is called whenever it does. */
  async function servesAtLast(entry: Running, onStarting: () => void = () => undefined): Promise<boolean> {
    const { child, service } = entry;
    for (;;) {
      if (await serves(entry)) return true;
      if (isStopping || collapse || entry.child !== child) return false;
      if (!service.startingBy) return false;
      const lastLine = (await logEnd(logOf(service))).split("\n").at(-1) ?? "";
      const doing = await service.startingBy(lastLine);
      // It may have become ready just now.
      if (doing === null) return serves(entry, LAST_LOOK_MS);
      print(`${service.name} is still starting: ${doing}`);
      onStarting();
    }
  }

  return {
    async start(service) {
      const entry: Running = { service, child: undefined, deaths: [], isReady: false };
      all.set(service.name, entry);
      await limitLog(logOf(service), logLimit.bytes);
      await spawn(entry);
      let end = Date.now() + service.readyWithinMs;
      const longer = () => {
        end = Date.now() + service.readyWithinMs;
      };
      while (!(await servesAtLast(entry, longer))) {
        if (isStopping) throw new Error("stopped while starting");
        if (collapse) throw collapse;
        if (Date.now() > end) {
          const reason = `was not ready within ${service.readyWithinMs / 1000} s`;
          throw new ServiceFailure(service.name, reason, await logEnd(logOf(service)));
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

  async function end(entry: Running | undefined): Promise<void> {
    if (!entry?.child) return;
    await endChild(entry.child, entry.service);
    await rm(pidOf(entry.service), { force: true });
  }
}

/**
 * The file is complete at any time and names the newest child: no await comes between a start and its pid.
 */
function writePid(file: string, pid: number): void {
  writeFileSync(`${file}.new`, `${pid}\n`);
  renameSync(`${file}.new`, file);
}
