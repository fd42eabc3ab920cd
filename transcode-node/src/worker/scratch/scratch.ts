/**
 * Scratch folders: one per attempt, removed afterwards; what a killed worker left is removed at the next
 * start.
 */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { endLeftovers } from "../../media/run/ffmpeg.ts";

export const SCRATCH_PREFIX = "attempt-";

/**
 * Removes earlier attempts from `root` (and nothing else: a mistyped folder must not be wiped). Creates it if
 * needed.
 */
export async function cleanScratch(root: string): Promise<void> {
  await mkdir(root, { recursive: true });
  const left = (await readdir(root)).filter((name) => name.startsWith(SCRATCH_PREFIX));
  await Promise.all(left.map((name) => remove(join(root, name))));
}

/** Runs `work` with an empty folder for this attempt, which is removed afterwards however it ends. */
export async function withScratch<T>(
  root: string,
  attempt: { taskId: string; attempt: number },
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = join(root, `${SCRATCH_PREFIX}${attempt.taskId}-${attempt.attempt}`);
  await remove(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    return await work(folder);
  } finally {
    await remove(folder);
  }
}

async function remove(folder: string): Promise<void> {
  await endLeftovers(folder);
  await rm(folder, { recursive: true, force: true });
}
