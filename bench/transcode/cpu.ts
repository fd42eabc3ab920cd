/** CPU seconds of processes, as Linux counts them in /proc. */
import { readdirSync, readFileSync } from "node:fs";

const TICKS_PER_SECOND = 100;

type Counted = { parent: number; own: number; ended: number };

/**
 * Fields 4 (parent) and 14–17 (own, then ended children) of /proc/pid/stat; null where the process has ended.
 */
function read(pid: number | string): Counted | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1]?.split(" ").map(Number) ?? [];
    const seconds = (from: number) => ((fields[from] ?? 0) + (fields[from + 1] ?? 0)) / TICKS_PER_SECOND;
    return { parent: fields[1] ?? 0, own: seconds(11), ended: seconds(13) };
  } catch {
    return null;
  }
}

/** Of a process and its threads, without its children. */
export const ownCpu = (pid: number): number => read(pid)?.own ?? 0;

/** Of a process, its ended children, and all its descendants. */
export function treeCpu(root: number): number {
  const all = readdirSync("/proc").flatMap((name) => {
    const counted = /^\d+$/.test(name) ? read(name) : null;
    return counted ? [{ pid: Number(name), ...counted }] : [];
  });
  const sum = (pid: number): number =>
    all.reduce(
      (total, each) =>
        total + (each.pid === pid ? each.own + each.ended : 0) + (each.parent === pid ? sum(each.pid) : 0),
      0,
    );
  return sum(root);
}
