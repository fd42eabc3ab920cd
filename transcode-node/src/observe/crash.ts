/** Named crash points for tests of what survives a dead worker; inactive unless `CRASH_AT` names one. */
import type { WorkerConfig } from "../config.ts";

export type CrashPoint = NonNullable<WorkerConfig["CRASH_AT"]>;

let armed: CrashPoint | undefined;

/** Called once at start with the configuration's `CRASH_AT`. */
export function armCrash(at: CrashPoint | undefined): void {
  armed = at;
}

/** Kills this process at once (SIGKILL, no clean-up) when it was started with `CRASH_AT` = `point`. */
export function crashPoint(point: CrashPoint): void {
  if (armed === point) process.kill(process.pid, "SIGKILL");
}
