/** What a worker takes for a scratch folder in which no task can be done, on a real small disk. */
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeScratchSpace } from "./scratch-space.ts";

const log = pino({ level: "silent" });
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "storagex-space-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A space that looks again at once, and what it said. */
function roomAt(scratch: string) {
  const said: boolean[] = [];
  const shutdown = new AbortController();
  const onLacking = (isLacking: boolean) => said.push(isLacking);
  const space = makeScratchSpace({ scratch, log, shutdown: shutdown.signal, onLacking, lookEveryMs: 10 });
  return { space, said, [Symbol.dispose]: () => shutdown.abort() };
}

test("a folder that cannot be made stops the worker until it can, whatever the task's failure is called", async () => {
  const scratch = join(folder, "scratch");
  await writeFile(scratch, "in its place");
  using at = roomAt(scratch);
  expect(await at.space.isLacking("source.damaged")).toBe(false);
  expect(await at.space.isLacking("transcoder.crashed")).toBe(true);
  expect(await at.space.isLacking("transcoder.disk_full")).toBe(true);
  expect(at.said).toEqual([true]);
  await rm(scratch);
  await expect.poll(() => at.said).toEqual([true, false]);
  expect(await at.space.isLacking("transcoder.crashed")).toBe(false);
});

const disk = await mkdtemp(join(tmpdir(), "storagex-disk-"));
const isMounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", disk]).status === 0;
afterAll(async () => {
  if (isMounted) spawnSync("umount", ["-l", disk]);
  await rm(disk, { recursive: true });
});

test.runIf(isMounted)(
  "a disk that others fill stops it until there is space; one that a task filled by itself does not",
  async () => {
    const scratch = join(disk, "scratch");
    await mkdir(scratch);
    using at = roomAt(scratch);
    // The task's own files are removed: it needed more than all of an empty disk.
    expect(await at.space.isLacking("transcoder.disk_full")).toBe(false);
    const { bavail, bsize } = await statfs(disk);
    await writeFile(join(disk, "others"), Buffer.alloc(bavail * bsize - 500_000));
    // A crash is none of the disk's while something can be written.
    expect(await at.space.isLacking("transcoder.crashed")).toBe(false);
    expect(await at.space.isLacking("transcoder.disk_full")).toBe(true);
    expect(await at.space.isLacking("transcoder.disk_full")).toBe(true);
    expect(at.said).toEqual([true]);
    await rm(join(disk, "others"));
    await expect.poll(() => at.said).toEqual([true, false]);
  },
);
