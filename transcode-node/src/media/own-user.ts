/** FFmpeg's own user: where the worker is privileged, a hole in a decoder gets neither root nor the worker's files. */
import { chownSync, readFileSync, statSync } from "node:fs";

/** CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_KILL, CAP_SETGID, CAP_SETUID (linux/capability.h). */
const NEEDED = [0, 1, 5, 6, 7].reduce((mask, bit) => mask | (1n << BigInt(bit)), 0n);
/** Nobody's: the range that systemd keeps for users without a name. Workers of one machine seldom share one. */
const ownUid = 61_184 + (process.pid % 4_000);

/** The user to run FFmpeg as; null where this process may not choose one (it is an ordinary user then, or in a cage already). */
export function ownUser(): number | null {
  if (process.getuid?.() !== 0) return null;
  try {
    const status = readFileSync("/proc/self/status", "latin1");
    const held = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
    const isMapped = readFileSync("/proc/self/uid_map", "latin1").split("\n").some(covers);
    return (held & NEEDED) === NEEDED && isMapped ? ownUid : null;
  } catch {
    return null;
  }
}

/** A line of uid_map (user_namespaces(7)): first id inside, first id outside, count. */
function covers(line: string): boolean {
  const [inside, , count] = line.trim().split(/\s+/).map(Number);
  return inside !== undefined && count !== undefined && inside <= ownUid && ownUid < inside + count;
}

/** setpriv's word for that user's groups: none, or the one that owns the device file (`render`, `video`; never root's). */
export function groupsFor(device: string | null): string {
  const group = device === null ? 0 : (statSync(device, { throwIfNoEntry: false })?.gid ?? 0);
  return group === 0 ? "--clear-groups" : `--groups=${group}`;
}

/** Gives the folder to that user: it is the one place FFmpeg may write into. */
export const giveFolder = (folder: string, user: number): void => chownSync(folder, user, user);

/**
 * The arguments with paths in `folder` made relative to it. A process that begins inside a folder needs no right to walk
 * there, so the data may lie below folders that are closed to that user.
 */
export const relativeTo = (folder: string, args: readonly string[]): string[] =>
  args.map((arg) => (arg.startsWith(`${folder}/`) ? `./${arg.slice(folder.length + 1)}` : arg));
