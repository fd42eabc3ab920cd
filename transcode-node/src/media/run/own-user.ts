/**
 * FFmpeg's own users: where the worker is privileged, an exploited decoder gets neither root nor another
 * attempt's files.
 */
import { chownSync, readdirSync, readFileSync, statSync } from "node:fs";

/** CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_KILL, CAP_SETGID, CAP_SETUID (linux/capability.h). */
const NEEDED = [0, 1, 5, 6, 7].reduce((mask, bit) => mask | (1n << BigInt(bit)), 0n);
/**
 * An unused range: distributions stop at 60000, systemd's own ranges end below (60705) and begin above
 * (61184).
 */
const FIRST = 60_706;
const COUNT = 478;

/**
 * Whether this process may choose FFmpeg's user; otherwise it is an ordinary user itself, or already in a
 * sandbox.
 */
export const choosesUsers: boolean = mayChoose();

function mayChoose(): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    const status = readFileSync("/proc/self/status", "latin1");
    const held = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
    return (
      (held & NEEDED) === NEEDED && readFileSync("/proc/self/uid_map", "latin1").split("\n").some(covers)
    );
  } catch {
    return false;
  }
}

/** A line of uid_map (user_namespaces(7)): first id inside, first id outside, count. */
function covers(line: string): boolean {
  const [inside, , count] = line.trim().split(/\s+/).map(Number);
  return inside !== undefined && count !== undefined && inside <= FIRST && FIRST + COUNT <= inside + count;
}

let last = process.pid;
/** Assigned to a folder of ours that is still in use. */
const given = new Set<number>();

/** A user that none of our attempts and no process of this machine has. */
function freeUser(): number {
  for (let tries = 0; tries < COUNT; tries++) {
    const user = FIRST + (++last % COUNT);
    if (!given.has(user) && parentsOf(user).length === 0) return user;
  }
  throw new Error("no user is left for FFmpeg");
}

/** The parents of a user's processes (proc(5)). */
function parentsOf(user: number): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      if (statSync(`/proc/${pid}`).uid !== user) return [];
      return [Number(readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)?.split(" ")[1])];
    } catch {
      // It has exited since.
      return [];
    }
  });
}

/** The user that owns `folder`; null where it was assigned to none. */
export function ownerOf(folder: string): number | null {
  const uid = statSync(folder, { throwIfNoEntry: false })?.uid ?? 0;
  return choosesUsers && uid >= FIRST && uid < FIRST + COUNT ? uid : null;
}

/**
 * The user to run FFmpeg as: the folder's, or a new one that gets the folder (the only place where FFmpeg may
 * write). Without a folder a user that owns nothing; null where this process may not choose.
 */
export function userFor(folder: string | undefined): number | null {
  if (!choosesUsers) return null;
  const owner = folder === undefined ? null : ownerOf(folder);
  if (owner !== null) return owner;
  const user = freeUser();
  if (folder !== undefined) {
    chownSync(folder, user, user);
    given.add(user);
  }
  return user;
}

/**
 * Releases a folder's user, and returns whether all of its processes may be killed: another worker of this
 * machine may have chosen the same one, and is then the parent of its FFmpeg.
 */
export function takeBack(user: number): boolean {
  given.delete(user);
  const isLeft = (parent: number) =>
    [0, 1, process.pid].includes(parent) ||
    statSync(`/proc/${parent}`, { throwIfNoEntry: false })?.uid === user;
  const parents = parentsOf(user);
  return parents.length > 0 && parents.every(isLeft);
}

/**
 * setpriv's option for that user's groups: none, or the one that owns the device file (`render`, `video`;
 * never root's).
 */
export function groupsFor(device: string | null): string {
  const group = device === null ? 0 : (statSync(device, { throwIfNoEntry: false })?.gid ?? 0);
  return group === 0 ? "--clear-groups" : `--groups=${group}`;
}

/**
 * The arguments with paths in `folder` made relative to it. A process that starts inside a folder needs no
 * permission to reach it, so the data may be below folders that are closed to that user.
 */
export const relativeTo = (folder: string, args: readonly string[]): string[] =>
  args.map((arg) => (arg.startsWith(`${folder}/`) ? `./${arg.slice(folder.length + 1)}` : arg));
