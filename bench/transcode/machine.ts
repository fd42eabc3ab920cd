/**
 * What the numbers were measured on: processor, memory, programs, and how busy the machine was with other
 * work.
 */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, release, totalmem } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

export type Machine = {
  processor: string;
  cores: number;
  memoryGiB: number;
  kernel: string;
  ffmpeg: string;
  node: string;
  /** Load average of the last minute. */
  load: number;
  /** Share of all cores (0–1) that other processes used in the two seconds before the first measurement. */
  busy: number;
};

/**
 * Ticks that all cores spent working, and in total (user, nice, system … in the first line of /proc/stat).
 */
function ticks(): { work: number; all: number } {
  const fields = readFileSync("/proc/stat", "latin1")
    .split("\n")[0]
    ?.trim()
    .split(/\s+/)
    .slice(1, 9)
    .map(Number);
  const all = fields?.reduce((sum, each) => sum + each, 0) ?? 0;
  // Idle and iowait.
  return { work: all - (fields?.[3] ?? 0) - (fields?.[4] ?? 0), all };
}

/** Share of all cores (0–1) in use, measured over `seconds`. */
export async function busyShare(seconds: number): Promise<number> {
  const from = ticks();
  await sleep(seconds * 1000);
  const to = ticks();
  return (to.work - from.work) / Math.max(1, to.all - from.all);
}

/** Describes this machine in its present state. */
export async function describeMachine(): Promise<Machine> {
  const { stdout } = await run("ffmpeg", ["-version"]);
  return {
    processor: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    ffmpeg: /^ffmpeg version (\S+)/.exec(stdout)?.[1] ?? "unknown",
    node: process.versions.node,
    load: loadavg()[0] ?? 0,
    busy: await busyShare(2),
  };
}
