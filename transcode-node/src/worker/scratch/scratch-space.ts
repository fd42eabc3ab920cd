/**
 * Whether the scratch folder can be worked in. Where it cannot (a full disk, a folder that is gone or read-only),
 * every task fails, whatever it is: they are handed back, and no others are taken until it can.
 */
import { mkdir, rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { SCRATCH_PREFIX } from "./scratch.ts";

/**
 * Free bytes without which a full disk is not the task's own need: far more than a chunk or a piece writes. Of a
 * small disk a tenth, or a worker that has nothing else could never take a task again.
 */
const MARGIN_BYTES = 2 ** 30;
const MARGIN_SHARE = 0.1;
const LOOK_EVERY_MS = 5_000;
const TRIAL_BYTES = 64 * 1024;

/** What a scratch folder that cannot be written to looks like to a task. */
const LOOKED_AT: ReadonlySet<string> = new Set([
  "transcoder.disk_full",
  "transcoder.crashed",
  "transcoder.output_invalid",
]);

export type ScratchSpace = {
  /** Whether a task failed with `code` because nothing can be written now, so that no task can be done. */
  isLacking(code: string): Promise<boolean>;
};

/** Watches the folder `scratch` from a failure on that it may have caused; looks every `lookEveryMs` milliseconds. */
export function makeScratchSpace(options: {
  scratch: string;
  log: Logger;
  shutdown: AbortSignal;
  /** Called when it is found lacking, before that is reported, and when it is no more. */
  onLacking: (isLacking: boolean) => void;
  lookEveryMs?: number;
}): ScratchSpace {
  const { scratch, log, shutdown, onLacking, lookEveryMs = LOOK_EVERY_MS } = options;
  let isWatching = false;
  let needsMargin = false;

  async function waitForSpace(): Promise<void> {
    isWatching = true;
    onLacking(true);
    while (!shutdown.aborted) {
      await delay(lookEveryMs, undefined, { signal: shutdown }).catch(() => undefined);
      if ((await whyLacking(scratch, needsMargin)) === null) break;
    }
    isWatching = false;
    needsMargin = false;
    if (!shutdown.aborted) log.info("the scratch folder can be written to: taking tasks again");
    onLacking(false);
  }

  return {
    async isLacking(code) {
      if (!LOOKED_AT.has(code)) return false;
      const isFull = code === "transcoder.disk_full";
      const reason = await whyLacking(scratch, isFull);
      if (reason === null) return false;
      needsMargin ||= isFull;
      log.error({ reason, scratch }, "nothing can be written: tasks are handed back, no others taken");
      if (!isWatching) void waitForSpace();
      return true;
    },
  };
}

/** Why no task can write to `scratch` now; null where one can. */
async function whyLacking(scratch: string, needsMargin: boolean): Promise<string | null> {
  const trial = join(scratch, `${SCRATCH_PREFIX}trial`);
  try {
    await mkdir(scratch, { recursive: true });
    await writeFile(trial, Buffer.alloc(TRIAL_BYTES)).finally(() => rm(trial, { force: true }));
    const { bavail, blocks, bsize } = await statfs(scratch);
    const margin = Math.min(MARGIN_BYTES, MARGIN_SHARE * blocks * bsize);
    return needsMargin && bavail * bsize < margin ? `${bavail * bsize} bytes are free` : null;
  } catch (error) {
    return String(error);
  }
}
