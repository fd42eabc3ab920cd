/**
 * The supervisor over real processes: pids, restarts, giving up after five deaths, and orphans of a killed
 * one.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort } from "../../testing/services/run-service.ts";
import type { Service } from "../services/service.ts";
import { type DataFolder, openDataFolder } from "../setup/data-folder.ts";
import { isAlive } from "./launch.ts";
import { takeFolder } from "./leftovers.ts";
import { answersTcp, until } from "./probe.ts";
import { createSupervisor, type ServiceFailure } from "./supervisor.ts";

let root: string;
let folder: DataFolder;
const lines: string[] = [];
const collapses: ServiceFailure[] = [];

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "storagex-supervisor-")));
  folder = await openDataFolder(root);
  lines.length = 0;
  collapses.length = 0;
});
afterEach(() => rm(root, { recursive: true, force: true }));

const make = (logLimit?: { bytes: number; everyMs: number }): ReturnType<typeof createSupervisor> =>
  createSupervisor(
    folder,
    (line) => lines.push(line),
    (failure) => collapses.push(failure),
    logLimit,
  );

/** A zombie counts as dead: the init process of some machines reaps only every two seconds. */
async function runs(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  return isAlive(pid) && !/\) Z /.test(stat);
}

async function listener(name: string, before = ""): Promise<Service> {
  const port = await freePort();
  const script = `${before}; require("node:net").createServer().listen(${port}, "127.0.0.1")`;
  return {
    name,
    command: [process.execPath, "-e", script],
    env: {},
    isReady: () => answersTcp("127.0.0.1", port),
    readyWithinMs: 120_000,
    stopSignal: "SIGTERM",
    stopWithinMs: 500,
  };
}

const pidOf = async (name: string): Promise<number> =>
  Number(await readFile(join(folder.run, `${name}.pid`), "utf8"));

test("a service that is killed comes back under a new pid, and says so", async () => {
  const supervisor = make();
  await supervisor.start(await listener("one"));
  const first = await pidOf("one");
  process.kill(first, "SIGKILL");
  expect(await until(async () => lines.includes("one is back"), 300_000)).toBe(true);
  expect(lines[0]).toBe("one ended (SIGKILL): starting it again in 0.5 s");
  const second = await pidOf("one");
  expect(second).not.toBe(first);
  await supervisor.stop([["one"]]);
  expect(isAlive(second)).toBe(false);
  expect(existsSync(join(folder.run, "one.pid"))).toBe(false);
});

test("a service that ignores the signal is killed after its time", async () => {
  const supervisor = make();
  await supervisor.start(await listener("deaf", 'process.on("SIGTERM", () => {})'));
  const pid = await pidOf("deaf");
  await supervisor.stop([]);
  expect(isAlive(pid)).toBe(false);
});

test("a service that says that it is starting is waited for, also when it comes back; one that says nothing is not", async () => {
  const supervisor = make();
  const slow = await listener("slow");
  const port = /listen\((\d+)/.exec(slow.command.join(" "))?.[1];
  let isDone = false;
  const service: Service = {
    ...slow,
    command: [
      process.execPath,
      "-e",
      `console.log("half"); setInterval(() => require("node:fs").existsSync(process.argv[1]) && listen(), 20);
       const listen = () => { listen.once ??= require("node:net").createServer().listen(${port}, "127.0.0.1") }`,
      join(root, "go"),
    ],
    readyWithinMs: 300,
    startingBy: async (lastLine) => (isDone ? null : `at ${lastLine}`),
  };
  const told = () => lines.filter((line) => line === "slow is still starting: at half").length;
  const started = supervisor.start(service);
  expect(await until(async () => told() >= 2, 300_000)).toBe(true);
  await writeFile(join(root, "go"), "");
  await started;

  await rm(join(root, "go"));
  const before = told();
  process.kill(await pidOf("slow"), "SIGKILL");
  expect(await until(async () => told() >= before + 2, 300_000)).toBe(true);
  await writeFile(join(root, "go"), "");
  expect(await until(async () => lines.includes("slow is back"), 300_000)).toBe(true);

  isDone = true;
  const silent: Service = { ...service, name: "silent", isReady: async () => false };
  await expect(supervisor.start(silent)).rejects.toThrow("silent was not ready within 0.3 s");
  await supervisor.stop([]);
});

test("a log stays within its bounds while the service writes it, and its end is never lost", async () => {
  const bytes = 100_000;
  const supervisor = make({ bytes, everyMs: 50 });
  const log = join(folder.log, "chatty.log");
  const writes = 'let n = 0; setInterval(() => console.log("line " + n++ + " ".repeat(2_000)), 1)';
  await supervisor.start(await listener("chatty", writes));
  const seen = async (): Promise<number> =>
    Number(/(\d+) +\n$/.exec(await readFile(log, "utf8"))?.[1] ?? Number.NaN);
  // Four times the limit has been written, in a file that the service keeps open.
  expect(await until(async () => (await seen()) * 2_000 > 4 * bytes, 300_000)).toBe(true);
  // Either is being written anew at times: both come to their size.
  await expect.poll(async () => (await stat(`${log}.old`)).size).toBeGreaterThan(bytes);
  await expect.poll(async () => (await stat(log)).size).toBeLessThan(3 * bytes);
  await supervisor.stop([]);
});

test("five deaths within a minute end it, with the end of the log", async () => {
  const supervisor = make();
  const service = await listener("mortal", 'console.log("my last words"); process.exit(3)');
  await expect(supervisor.start(service)).rejects.toThrow(
    /mortal ended 5 times within a minute[\s\S]*my last words/,
  );
  expect(lines.map((line) => /in ([\d.]+) s/.exec(line)?.[1])).toEqual(["0.5", "1", "2", "4"]);
  expect(collapses).toHaveLength(1);
  await supervisor.stop([]);
});

test("a supervisor that is killed takes its services along; what is left ends at the next start", async () => {
  const port = await freePort();
  const outer = join(root, "outer.ts");
  await writeFile(
    outer,
    `import { createSupervisor } from "${join(import.meta.dirname, "supervisor.ts")}";
     import { openDataFolder } from "${join(import.meta.dirname, "../setup/data-folder.ts")}";
     import { answersTcp } from "${join(import.meta.dirname, "probe.ts")}";
     const supervisor = createSupervisor(await openDataFolder(${JSON.stringify(root)}), () => {}, () => {});
     await supervisor.start({ name: "child", env: {}, command: [process.execPath, "-e",
       'require("node:net").createServer().listen(${port}, "127.0.0.1")'], isReady: () => answersTcp("127.0.0.1", ${port}),
       readyWithinMs: 10000, stopSignal: "SIGTERM", stopWithinMs: 500 });
     setInterval(() => {}, 1000);`,
  );
  const killed = spawn(process.execPath, [outer], { stdio: "inherit" });
  expect(await until(() => answersTcp("127.0.0.1", port), 300_000)).toBe(true);
  const pid = await pidOf("child");
  killed.kill("SIGKILL");
  expect(await until(async () => !(await runs(pid)), 300_000)).toBe(true);

  // An orphan as on a system without setpriv: it carries the mark, so the next stack ends it.
  const orphan = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
    env: { STORAGEX_STACK: root },
    detached: true,
  });
  // Another program that got an old pid is not touched.
  const outsider = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true });
  await writeFile(join(folder.run, "orphan.pid"), String(orphan.pid));
  await writeFile(join(folder.run, "outsider.pid"), String(outsider.pid));
  await takeFolder(root, folder.run);
  expect(orphan.signalCode ?? (await until(async () => orphan.signalCode !== null, 300_000))).toBeTruthy();
  expect(outsider.signalCode).toBe(null);
  outsider.kill("SIGKILL");
});
