/** What a run on a device may do beyond the usual restrictions, and what it still may not. */
import { execFileSync } from "node:child_process";
import { chmod, chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withScratch } from "../../worker/scratch/scratch.ts";
import { runTool } from "./ffmpeg.ts";
import { choosesUsers, groupsFor, ownerOf } from "./own-user.ts";

/** A group that no known machine uses. */
const GROUP = 60_601;
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "storagex-device-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The output of a tool that runs with a device. */
async function said(tool: string, args: string[], device: string | null): Promise<string> {
  let text = "";
  const stdout = (bytes: Buffer) => {
    text += bytes.toString();
  };
  const limits = { wallSeconds: 20, memoryBytes: null, fileBytes: 2 ** 20 };
  await runTool({ tool, args, limits, device, signal: AbortSignal.timeout(300_000), stdout });
  return text.trim();
}
const groupsOf = async (device: string | null) => (await said("id", ["-G"], device)).split(" ").map(Number);

test("no device and root's device give no group", () => {
  expect(groupsFor(null)).toBe("--clear-groups");
  expect(groupsFor("/nowhere/renderD128")).toBe("--clear-groups");
  expect(groupsFor("/proc/self/status")).toBe(
    process.getgid?.() === 0 ? "--clear-groups" : `--groups=${process.getgid?.()}`,
  );
});

test.runIf(choosesUsers)("FFmpeg's own user gets the group of its device and no other", async () => {
  const device = join(folder, "renderD128");
  await writeFile(device, "");
  await chown(device, 0, GROUP);
  await chmod(device, 0o660);
  const [own, ...more] = await groupsOf(device);
  expect(more).toEqual([GROUP]);
  const [other, ...none] = await groupsOf(null);
  expect(none).toEqual([]);
  for (const user of [own, other]) expect(user).toBeGreaterThanOrEqual(60_706);
});

/** The processes of a user, without zombies, which only wait for their parent. */
const running = (user: number | null) =>
  execFileSync("ps", ["-eo", "uid=,state=,args="])
    .toString()
    .split("\n")
    .filter((line) => new RegExp(`^ *${user} [^Z]`).test(line));

test.runIf(choosesUsers)("each attempt has its user, and what it left running ends with it", async () => {
  // Its own session: killing FFmpeg's group does not reach it.
  const args = ["-c", "setsid sleep 600 >/dev/null 2>&1 & sleep 0.2"];
  const limits = { wallSeconds: 20, memoryBytes: null, fileBytes: 2 ** 20 };
  const attempt = (taskId: string, during: () => Promise<void>) =>
    withScratch(folder, { taskId, attempt: 1 }, async (scratch) => {
      const signal = AbortSignal.timeout(300_000);
      await runTool({ tool: "/bin/sh", args, limits, folder: scratch, signal, stdout: () => {} });
      const user = ownerOf(scratch);
      expect(running(user)).toHaveLength(1);
      await during();
      expect(running(user)).toHaveLength(1);
      return user;
    });
  const users: (number | null)[] = [];
  users.push(await attempt("first", async () => void users.push(await attempt("second", async () => {}))));
  expect(new Set(users).size).toBe(2);
  for (const user of users) await expect.poll(() => running(user)).toEqual([]);
});

test.runIf(choosesUsers)(
  "an own user's threads are limited, and those of one that is shared are not",
  async () => {
    const limits = { wallSeconds: 20, memoryBytes: null, fileBytes: 2 ** 20 };
    const limitOf = async (inFolder?: string) => {
      let text = "";
      await runTool({
        ...{ tool: "cat", args: ["/proc/self/limits"], limits, signal: AbortSignal.timeout(300_000) },
        ...(inFolder && { folder: inFolder }),
        stdout: (bytes) => {
          text += bytes.toString();
        },
      });
      return Number(/Max processes +(\S+)/.exec(text)?.[1]);
    };
    const own = await withScratch(folder, { taskId: "threads", attempt: 1 }, limitOf);
    expect(own).toBeGreaterThan(256);
    expect(own).toBeLessThan(20_000);
  },
);

test("a run on a device has no limit of address space but the machine's own", async () => {
  const limitIn = (text: string) => /Max address space +(\S+)/.exec(text)?.[1];
  const own = execFileSync("cat", ["/proc/self/limits"]).toString();
  expect(limitIn(await said("cat", ["/proc/self/limits"], null))).toBe(limitIn(own));
});
