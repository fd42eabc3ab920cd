/**
 * The restrictions on FFmpeg: killed as a process group, limited, measured, and without URLs in its output.
 */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { getPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { runTool, type ToolCall, withoutAddresses } from "./ffmpeg.ts";
import { choosesUsers, ownerOf } from "./own-user.ts";
import { TaskProcesses, taskProcesses } from "./task-processes.ts";

const limits = { wallSeconds: 60, memoryBytes: 8 * 2 ** 30, fileBytes: 2 ** 30 };
const endless = (mark: string) => [
  ...["-hide_banner", "-nostdin", "-nostats", "-progress", "pipe:1", "-loglevel", "error", "-re"],
  ...["-f", "lavfi", "-i", "testsrc2=rate=25", "-metadata", `title=${mark}`, "-f", "null", "-"],
];
const call = (args: string[], more: Partial<ToolCall> = {}): ToolCall => ({
  tool: "ffmpeg",
  args,
  limits,
  signal: AbortSignal.timeout(300_000),
  stdout: "progress",
  ...more,
});
const alive = (mark: string) =>
  readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(`title=${mark}`);
    } catch {
      return false;
    }
  });

test("is dead soon after the signal, whatever it was doing", async () => {
  const stop = new AbortController();
  const mark = `abort-${process.pid}`;
  // No limit that would end it otherwise.
  const without = { ...limits, wallSeconds: 86_400 };
  const running = runTool(call(endless(mark), { signal: stop.signal, limits: without }));
  // During exec a process briefly has no command line: one check proves nothing.
  await expect.poll(() => alive(mark).length).toBe(1);
  stop.abort(new Error("lease gone"));
  await expect(running).rejects.toThrow("lease gone");
  expect(alive(mark)).toEqual([]);
});

test("is killed at its wall limit", async () => {
  const run = await runTool(call(endless("wall"), { limits: { ...limits, wallSeconds: 1 } }));
  expect(run).toMatchObject({ timedOut: true, code: null, killedBy: "SIGKILL" });
});

test("stopped with its task it stands still, and the time counts neither as a stall nor against its wall limit", async () => {
  const task = new TaskProcesses(7);
  const stop = new AbortController();
  const mark = `stopped-${process.pid}`;
  let frames = 0;
  const running = taskProcesses.run(task, () =>
    runTool(
      call(endless(mark), {
        ...{ signal: stop.signal, stallMs: 2_000, limits: { ...limits, wallSeconds: 8 } },
        onFrame: (count) => {
          frames = count;
        },
      }),
    ),
  );
  await expect.poll(() => frames).toBeGreaterThan(0);
  const stat = () =>
    readFileSync(`/proc/${alive(mark)[0]}/stat`, "latin1")
      .split(") ")[1]
      ?.split(" ") ?? [];
  task.stop();
  await expect.poll(() => stat()[0]).toBe("T");
  expect(Number(stat()[16]), "niceness").toBe(Math.min(19, getPriority() + 7));
  const path = `/proc/${alive(mark)[0]}/autogroup`;
  const session = existsSync(path) ? readFileSync(path, "latin1") : "";
  // A kernel that does not group by session says nothing of it.
  if (session !== "") expect(session).toContain(" nice 4");
  const before = frames;
  // Longer than both limits.
  await delay(9_000);
  expect(stat()[0]).toBe("T");
  expect(frames - before).toBeLessThanOrEqual(50);
  task.continue();
  await expect.poll(() => frames).toBeGreaterThan(before + 25);
  stop.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
  expect(alive(mark)).toEqual([]);
});

test("one that starts in a stopped task is stopped at once; killed while stopped it is gone", async () => {
  const task = new TaskProcesses(0);
  task.stop();
  const stop = new AbortController();
  const mark = `born-stopped-${process.pid}`;
  const running = taskProcesses.run(task, () => runTool(call(endless(mark), { signal: stop.signal })));
  running.catch(() => undefined);
  await delay(1_000);
  stop.abort(new Error("lease gone"));
  await expect(running).rejects.toThrow("lease gone");
  expect(alive(mark)).toEqual([]);
});

test("is killed when it stands still by itself, and not while we hold it back", async () => {
  const stallMs = 1_500;
  const asleep = await runTool(call(["-c", "sleep 30"], { tool: "/bin/sh", stallMs }));
  expect(asleep).toMatchObject({ timedOut: true, killedBy: "SIGKILL" });

  // Far more than a pipe holds: the tool waits for the reader, as the audio step makes it wait while the API
  // is unavailable.
  const source = ["-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo", "-t", "60", "-f", "s16le", "pipe:1"];
  let waits = 2;
  let bytes = 0;
  const run = await runTool(
    call(["-hide_banner", "-nostdin", "-loglevel", "error", ...source], {
      stallMs,
      stdout: async (piece) => {
        bytes += piece.length;
        if (waits-- > 0) await new Promise((resolve) => setTimeout(resolve, 2 * stallMs));
      },
    }),
  );
  expect(run).toMatchObject({ timedOut: false, code: 0 });
  expect(bytes).toBe(60 * 48_000 * 4);
});

test("cannot write a file beyond its limit", async () => {
  const args = [
    "-y",
    "-f",
    "lavfi",
    "-i",
    "testsrc2=duration=60",
    "-f",
    "rawvideo",
    `/tmp/storagex-fsize-${process.pid}`,
  ];
  const run = await runTool(call(args, { limits: { ...limits, fileBytes: 100_000 } }));
  expect(run.killedBy ?? run.code).toBe("SIGXFSZ");
});

test("is bound in memory and file size, and leaves no core file", async () => {
  const seen: string[] = [];
  const ask = call(["-c", "ulimit -v; ulimit -f; ulimit -c"], {
    tool: "/bin/sh",
    limits: { ...limits, memoryBytes: 2 ** 30, fileBytes: 2 ** 20 },
    stdout: (bytes) => void seen.push(bytes.toString()),
  });
  await runTool(ask);
  // In KiB, blocks of 512 bytes, blocks.
  expect(seen.join("").trim().split("\n")).toEqual([String(2 ** 20), "2048", "0"]);
});

test("sees nothing of our environment, and counts frames and CPU seconds", async () => {
  const seen: string[] = [];
  await runTool(
    call(["-c", "echo [$HOME$AWS_SECRET_ACCESS_KEY$WORKER_CREDENTIAL]"], {
      tool: "/bin/sh",
      stdout: (bytes) => void seen.push(bytes.toString()),
    }),
  );
  expect(seen.join("")).toBe("[]\n");
  const frames: number[] = [];
  const args = [
    "-progress",
    "pipe:1",
    "-f",
    "lavfi",
    "-i",
    "testsrc2=size=640x360:rate=50:duration=10",
    "-c:v",
    "libx264",
    "-preset",
    "superfast",
    "-f",
    "null",
    "-",
  ];
  const run = await runTool(call(args, { onFrame: (count) => void frames.push(count) }));
  expect(run).toMatchObject({ code: 0, frames: 500 });
  expect(frames.at(-1)).toBe(500);
  expect(run.cpuSeconds).toBeGreaterThan(0.2);
});

test("says no address and no signature", () => {
  const text =
    "http://127.0.0.1:4000/c2VjcmV0/source: 403, tried 'https://s3.test/b/k?X-Amz-Signature=abc&X-Amz-Date=1'";
  expect(withoutAddresses(text)).toBe("http://127.0.0.1:4000/… 403, tried 'https://s3.test/…'");
  expect(withoutAddresses("X-Amz-Security-Token=abc%2F rest")).not.toContain("abc");
});

test("writes only into its folder, as a user of its own where the worker is privileged, also below closed folders", async () => {
  const closed = await mkdtemp(join(tmpdir(), "storagex-closed-"));
  const folder = join(closed, "scratch");
  await mkdir(folder);
  const seen: string[] = [];
  const run = await runTool(
    call(["-c", 'id -u; touch ./inside; touch "$0"', join(closed, "outside"), join(folder, "unused")], {
      tool: "/bin/sh",
      folder,
      stdout: (bytes) => void seen.push(bytes.toString()),
    }),
  );
  expect(Number(seen.join("").trim())).toBe(ownerOf(folder) ?? process.getuid?.());
  expect(await readdir(folder)).toEqual(["inside"]);
  if (choosesUsers) {
    expect(ownerOf(folder)).not.toBeNull();
    expect(run.code).not.toBe(0);
    expect(await readdir(closed)).toEqual(["scratch"]);
    expect(process.getuid?.()).toBe(0);
  }
  await rm(closed, { recursive: true });
});

test("without a free file descriptor it fails, and its process lives on", async () => {
  const script = fileURLToPath(new URL("../../testing/spawn-without-files.ts", import.meta.url));
  const { stdout } = await promisify(execFile)("prlimit", ["--nofile=128", process.execPath, script]);
  expect(stdout).toBe("EMFILE\n");
});
