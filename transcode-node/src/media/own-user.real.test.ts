/** What a run on a device gets beyond the usual fence, and what it still does not get. */
import { execFileSync } from "node:child_process";
import { chmod, chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runTool } from "./ffmpeg.ts";
import { groupsFor, ownUser } from "./own-user.ts";

/** Nobody's group on any machine we know of. */
const GROUP = 61_023;
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "storagex-device-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a tool says that runs as one on a device does. */
async function said(tool: string, args: string[], device: string | null): Promise<string> {
  let text = "";
  const stdout = (bytes: Buffer) => {
    text += bytes.toString();
  };
  const limits = { wallSeconds: 20, memoryBytes: null, fileBytes: 2 ** 20 };
  await runTool({ tool, args, limits, device, signal: AbortSignal.timeout(20_000), stdout });
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

test.runIf(ownUser() !== null)("FFmpeg's own user gets the group of its device and no other", async () => {
  const device = join(folder, "renderD128");
  await writeFile(device, "");
  await chown(device, 0, GROUP);
  await chmod(device, 0o660);
  const [own, ...more] = await groupsOf(device);
  expect(own).toBe(ownUser());
  expect(more).toEqual([GROUP]);
  expect(await groupsOf(null)).toEqual([ownUser()]);
});

test("a run on a device has no limit of address space but the machine's own", async () => {
  const limitIn = (text: string) => /Max address space +(\S+)/.exec(text)?.[1];
  const own = execFileSync("cat", ["/proc/self/limits"]).toString();
  expect(limitIn(await said("cat", ["/proc/self/limits"], null))).toBe(limitIn(own));
});
