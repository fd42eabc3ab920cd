/**
 * The only place that starts FFmpeg and ffprobe: restricted, timed, killed as a group, with redacted output.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";
import { groupsFor, ownerOf, relativeTo, takeBack, userFor } from "./own-user.ts";
import { taskProcesses } from "./task-processes.ts";

/** What one run may use. */
export type Limits = {
  /** Seconds of wall time, without those for which its task was stopped; then the group is killed. */
  wallSeconds: number;
  /** Bytes of address space; null for no limit (see `encodeLimits`). */
  memoryBytes: number | null;
  /** Max bytes of any one file that it writes. */
  fileBytes: number;
};

export type ToolRun = {
  /** Exit code, null when a signal ended it. */
  code: number | null;
  killedBy: NodeJS.Signals | null;
  timedOut: boolean;
  /** Last kilobytes of stderr, redacted. */
  stderr: string;
  /** Frames of the first video output, from the last `-progress`. */
  frames: number;
  cpuSeconds: number;
  wallSeconds: number;
  /** Command line for the log, redacted, ready to be pasted. */
  command: string;
};

export type ToolCall = {
  tool: string;
  args: string[];
  limits: Limits;
  /**
   * The only folder it may write to, whose owner it runs as; absent for a tool that writes nothing and reads
   * no untrusted file.
   */
  folder?: string;
  /** A device file it must be able to open: FFmpeg's own user gets that file's group. */
  device?: string | null;
  signal: AbortSignal;
  /**
   * `progress`: stdout is `-progress pipe:1`. A function takes the raw bytes and may delay the tool by its
   * promise.
   */
  stdout: "progress" | ((bytes: Buffer) => void | Promise<void>);
  onFrame?: (frames: number) => void;
  /** Milliseconds without any CPU use after which it counts as hung. */
  stallMs?: number;
};

const MAX_STDERR = 16 * 1024;
/**
 * FFmpeg can hang for ever (seen where a thread could not be created): this long without any CPU use ends it.
 * Longer than it waits for its input (`-rw_timeout`).
 */
const STALL_MS = 300_000;
/** Encoders and filters have some threads per core; a fork bomb has more. */
const MAX_THREADS = 256 + 32 * availableParallelism();
const HAS_PROC = existsSync("/proc/self/stat");
const PRLIMIT = ["/usr/bin/prlimit", "/bin/prlimit"].find((path) => existsSync(path));
const NICE = ["/usr/bin/nice", "/bin/nice"].find((path) => existsSync(path));
const SETPRIV = ["/usr/bin/setpriv", "/bin/setpriv"].find((path) => existsSync(path));

/** Removes signatures and our proxy's secret path from a text before anybody reads it. */
export const withoutAddresses = (text: string): string =>
  text
    .replace(/https?:\/\/[^\s'",]+/gi, (url) => `${url.split("/").slice(0, 3).join("/")}/…`)
    .replace(/X-Amz-[A-Za-z0-9-]+=[^&\s'"]*/gi, "X-Amz-…");

const shellQuoted = (word: string) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

const asUser = (user: number, groups: string) => [`--reuid=${user}`, `--regid=${user}`, groups];

/**
 * The restrictions as a command prefix: each program execs the next, so the child's pid stays the tool's own.
 */
function fenced(call: ToolCall, user: number | null, niceness: number): [string, ...string[]] {
  const { memoryBytes, fileBytes, wallSeconds } = call.limits;
  const cpuSeconds = Math.ceil(wallSeconds * availableParallelism());
  return [
    // First and separate: a change of user would clear the death signal.
    ...(SETPRIV && user ? [SETPRIV, ...asUser(user, groupsFor(call.device ?? null))] : []),
    // A worker that is killed must not leave encoders behind.
    ...(SETPRIV ? [SETPRIV, "--pdeathsig", "KILL", "--no-new-privs"] : []),
    ...(NICE && niceness > 0 ? [NICE, "-n", String(niceness)] : []),
    ...(PRLIMIT
      ? [
          PRLIMIT,
          ...(memoryBytes === null ? [] : [`--as=${memoryBytes}`]),
          ...[`--cpu=${cpuSeconds}`, `--fsize=${fileBytes}`, "--core=0"],
          // The kernel counts all threads of a user: the limit is usable only where no other process shares
          // the user.
          ...(user ? [`--nproc=${MAX_THREADS}`] : []),
        ]
      : []),
    call.tool,
    ...(call.folder ? relativeTo(call.folder, call.args) : call.args),
  ] as [string, ...string[]];
}

/**
 * Every tool is a session of its own. Where the kernel schedules by session (sched(7), "autogroup"), nice
 * values of processes count only within one: the session has a value of its own. Half of ours, as it counts
 * against everything else on the machine, which must not starve a film.
 */
function niceSession(pid: number, niceness: number): void {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(Math.ceil(niceness / 2)));
  } catch {
    // Not on this kernel, or in a container, where nice values count among the container's processes.
  }
}

/** CPU seconds of a live process from /proc (100 ticks a second on Linux); 0 where there is none. */
function cpuOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

/**
 * Runs the tool to its end. Never throws for what the tool does (read the result: exit code 0 proves
 * nothing); throws the signal's reason when aborted, after the whole process group is dead.
 */
export async function runTool(call: ToolCall): Promise<ToolRun> {
  call.signal.throwIfAborted();
  const user = userFor(call.folder);
  const task = taskProcesses.getStore();
  const [file, ...argv] = fenced(call, user, task?.niceness ?? 0);
  const began = performance.now();
  // Own process group, so that one kill reaches every thread and helper; no inherited environment; stdin closed.
  const child = spawn(file, argv, {
    detached: true,
    cwd: call.folder ?? "/",
    env: {},
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<{ code: number | null; killedBy: NodeJS.Signals | null }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, killedBy) => resolve({ code, killedBy }));
  });
  // Without a free file descriptor there are no pipes; the event says why.
  if (!child.stdout || !child.stderr) throw await ended.catch((error: unknown) => error);
  const { stdout, stderr } = child;
  // Awaited below, unless a failure of `consume` comes first.
  ended.catch(() => {});
  if (child.pid && task) niceSession(child.pid, task.niceness);
  const run = { frames: 0, cpu: 0, busyAt: began, held: false, timedOut: false, stderr: "" };
  const signalGroup = (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    try {
      if (child.pid) process.kill(-child.pid, signal);
    } catch {
      // Already exited.
    }
  };
  const kill = () => signalGroup("SIGKILL");
  const stoppedBefore = task?.stoppedMs() ?? 0;
  const stoppedMs = () => (task?.stoppedMs() ?? 0) - stoppedBefore;
  const expire = () => {
    run.timedOut = true;
    kill();
  };
  const sample = () => {
    const cpu = child.pid ? cpuOf(child.pid) : 0;
    const now = performance.now();
    // A tool that we make wait, at its pipe or stopped, is not hung.
    if (cpu > run.cpu || run.held || task?.isStopped) run.busyAt = now;
    run.cpu = Math.max(run.cpu, cpu);
    if (now - began - stoppedMs() > call.limits.wallSeconds * 1000) expire();
    if (HAS_PROC && now - run.busyAt > (call.stallMs ?? STALL_MS)) expire();
  };
  const hold = (held: boolean) => {
    run.held = held;
    run.busyAt = performance.now();
  };
  const untrack = task?.add({
    stop: () => signalGroup("SIGSTOP"),
    continue: () => {
      run.busyAt = performance.now();
      signalGroup("SIGCONT");
    },
  });
  const sampler = setInterval(sample, 250);
  call.signal.addEventListener("abort", kill, { once: true });
  stderr.setEncoding("utf8").on("data", (text: string) => {
    run.stderr = (run.stderr + text).slice(-MAX_STDERR);
  });

  try {
    await consume(stdout, call, hold, (frames, last) => {
      run.frames = frames;
      if (last) sample();
      call.onFrame?.(frames);
    });
    // Its pipe is closed: it has done all its work and is not yet reaped.
    sample();
    const { code, killedBy } = await ended;
    call.signal.throwIfAborted();
    return {
      code,
      killedBy,
      timedOut: run.timedOut,
      stderr: withoutAddresses(run.stderr),
      frames: run.frames,
      cpuSeconds: run.cpu,
      wallSeconds: (performance.now() - began) / 1000,
      command: withoutAddresses([call.tool, ...call.args].map(shellQuoted).join(" ")),
    };
  } finally {
    untrack?.();
    clearInterval(sampler);
    call.signal.removeEventListener("abort", kill);
    kill();
  }
}

/**
 * Ends what a tool left running as `folder`'s user: a process that left its group outlives `runTool`. Await
 * it before the folder is removed: otherwise root would traverse the folder while a process rearranges it.
 * Does nothing where FFmpeg has no own user.
 */
export async function endLeftovers(folder: string): Promise<void> {
  const user = ownerOf(folder);
  if (user === null || !takeBack(user) || !SETPRIV) return;
  // As that user, -1 means all of its processes and no others.
  const argv = [...asUser(user, "--clear-groups"), "/bin/sh", "-c", "kill -KILL -1"];
  await once(spawn(SETPRIV, argv, { cwd: "/", env: {}, stdio: "ignore" }), "close");
}

/**
 * Passes stdout on: raw (`hold` reports while the consumer is busy), or as progress (the frame count; `last`
 * once, while the process still exists).
 */
async function consume(
  stdout: AsyncIterable<Buffer>,
  call: ToolCall,
  hold: (held: boolean) => void,
  onProgress: (frames: number, last: boolean) => void,
): Promise<void> {
  let rest = "";
  let frames = 0;
  for await (const bytes of stdout) {
    if (call.stdout !== "progress") {
      hold(true);
      await call.stdout(bytes);
      hold(false);
      continue;
    }
    const lines = (rest + bytes.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      // `out_time` does not advance with these arguments; the frame count does.
      const frame = /^frame=\s*(\d+)/.exec(line)?.[1];
      if (frame) frames = Number(frame);
      if (line.startsWith("progress=")) onProgress(frames, line === "progress=end");
    }
  }
}
