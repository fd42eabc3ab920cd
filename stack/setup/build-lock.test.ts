/** Concurrent builds wait for each other, and a lock whose process is dead blocks nobody. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { whileLocked } from "./build-lock.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "storagex-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("of three at once, each works alone", async () => {
  let inside = 0;
  let max = 0;
  const work = async (): Promise<void> => {
    inside += 1;
    max = Math.max(max, inside);
    for (let turns = 0; turns < 20; turns += 1) await turn();
    inside -= 1;
  };
  const lock = join(folder, "cache", "lock");
  await Promise.all([whileLocked(lock, work), whileLocked(lock, work), whileLocked(lock, work)]);
  expect(max).toBe(1);
});

test("a failure lets go, and so does a holder that is dead", async () => {
  const lock = join(folder, "lock");
  await expect(whileLocked(lock, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  // No process has this pid: it is larger than any system gives.
  await writeFile(lock, "2147483646");
  expect(await whileLocked(lock, () => Promise.resolve("done"))).toBe("done");
});
