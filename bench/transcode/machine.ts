/** What the numbers were measured on: processor, memory, programs, and how busy the machine was beside us. */
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
  /** Share of all cores (0–1) that others used in the two seconds before the first measurement. */
  busy: number;
};

/** Ticks all cores spent at work and in all (user, nice, system … of /proc/stat's first line). */
function ticks(): { work: number; all: number } {
  const fields = readFileSync("/proc/stat", "latin1")
    .split("\n")[0]
    ?.trim()
    .split(/\s+/)
    .slice(1, 9)
    .map(Number);
  const all = fields?.reduce((sum, each) => sum + each, 0) ?? 0;
  // Idle and waiting for the disk.
  return { work: all - (fields?.[3] ?? 0) - (fields?.[4] ?? 0), all };
}

/** Share of all cores (0–1) that is in use now, watched for `seconds`. */
export async function busyShare(seconds: number): Promise<number> {
  const from = ticks();
  await sleep(seconds * 1000);
  const to = ticks();
  return (to.work - from.work) / Math.max(1, to.all - from.all);
}

/** Describes this machine, as it is now. */
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
