/**
 * What a killed stack may leave behind: one stack at a time uses a data folder, and orphans of an earlier one
 * end first.
 */
import { execFile } from "node:child_process";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { isAlive, MARK, signalGroup } from "./launch.ts";
import { until } from "./probe.ts";

const run = promisify(execFile);
const OWN = "supervisor.pid";
/** The time that a stack needs to see that its npm is gone, and to stop. */
const STOPPING_MS = 12_000;

/**
 * Takes the data folder for this process, after ending what an earlier stack left running there. Throws when
 * another running stack uses it.
 */
export async function takeFolder(root: string, runFolder: string): Promise<void> {
  const holder = await pidIn(join(runFolder, OWN));
  const isHeld = async (): Promise<boolean> =>
    holder !== undefined &&
    holder !== process.pid &&
    isAlive(holder) &&
    (await commandOf(holder)).includes("start.ts");
  if (await isHeld()) {
    const orphaned = await isOrphan(holder);
    if (!orphaned || !(await until(async () => !(await isHeld()), STOPPING_MS))) {
      throw new Error(
        `StorageX already runs with ${root} (process ${holder}): stop it, or set another STORAGEX_DATA`,
      );
    }
  }
  await writeFile(join(runFolder, OWN), `${process.pid}\n`);
  await endRemains(root, runFolder);
}

/** Releases the data folder. */
export async function leaveFolder(runFolder: string): Promise<void> {
  if ((await pidIn(join(runFolder, OWN))) === process.pid) await rm(join(runFolder, OWN), { force: true });
}

async function endRemains(root: string, runFolder: string): Promise<void> {
  const names = (await readdir(runFolder)).filter((name) => name.endsWith(".pid") && name !== OWN);
  for (const name of names) {
    const pid = await pidIn(join(runFolder, name));
    if (pid !== undefined && (await isOurs(pid, root))) {
      signalGroup(pid, "SIGKILL");
      await until(async () => !(await isOurs(pid, root)), 5_000, 20);
    }
    await rm(join(runFolder, name), { force: true });
  }
}

async function pidIn(file: string): Promise<number | undefined> {
  const pid = Number.parseInt(await readFile(file, "utf8").catch(() => ""), 10);
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

/** Another program may have the pid by now: only a process that carries this folder's mark is ours. */
async function isOurs(pid: number, root: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const mark = `${MARK}=${root}`;
  if (process.platform === "linux") {
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    return environment.split("\0").includes(mark);
  }
  const { stdout } = await run("ps", ["-Eww", "-o", "command=", "-p", String(pid)]).catch(() => ({
    stdout: "",
  }));
  return stdout.includes(mark);
}

async function commandOf(pid: number): Promise<string> {
  const { stdout } = await run("ps", ["-ww", "-o", "command=", "-p", String(pid)]).catch(() => ({
    stdout: "",
  }));
  if (stdout !== "" || process.platform !== "linux") return stdout;
  return readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
}

/** Whether the npm that started it is gone: then the stack sees that itself and stops. */
async function isOrphan(pid: number | undefined): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return /^PPid:\s*1$/m.test(status);
}
