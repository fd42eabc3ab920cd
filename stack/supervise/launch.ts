/** Starts a service as a process that dies with the stack, and ends processes by their own pids. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { inherited } from "../config.ts";
import type { Service } from "../services/service.ts";
import { until } from "./probe.ts";

const SETPRIV = ["/usr/bin/setpriv", "/bin/setpriv"].find((path) => existsSync(path));

/** The environment variable that marks a process as this stack's own, whatever a pid file says. */
export const MARK = "STORAGEX_STACK";

/**
 * Spawns a service in its own process group, so that Ctrl-C reaches only the supervisor. Its output goes
 * straight to `logFile`. On Linux the kernel kills it when the supervisor dies, however that happens.
 */
export function launch(service: Service, mark: string, logFile: string): ChildProcess {
  const command = SETPRIV ? [SETPRIV, "--pdeathsig", "KILL", "--", ...service.command] : [...service.command];
  const [program = "", ...args] = command;
  const log = openSync(logFile, "a", 0o600);
  try {
    return spawn(program, args, {
      env: { ...inherited(), ...service.env, [MARK]: mark },
      stdio: ["ignore", log, log],
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

/** Whether a process with this pid exists (a zombie counts until its parent has reaped it). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Signals the process group of `pid`, or `pid` alone where it leads none; a dead process is no error. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, signal);
      return;
    } catch {
      // ESRCH: already gone, or not the leader of a group.
    }
  }
}

/**
 * Ends a child: the stop signal goes to it alone (it ends its own children in order), then KILL to its group.
 */
export async function endChild(child: ChildProcess, service: Service): Promise<void> {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill(service.stopSignal);
  const ended = (): Promise<boolean> => Promise.resolve(child.exitCode !== null || child.signalCode !== null);
  if (await until(ended, service.stopWithinMs, 20)) return;
  signalGroup(pid, "SIGKILL");
  await until(ended, 2_000, 20);
}
