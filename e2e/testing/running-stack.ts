/**
 * Starts the product as its users do (`node stack/entries/start.ts`), on free ports and in its own data
 * folder, and stops it again. With `CRASH_AT`, its workers kill themselves at that point.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const ROOT = resolve(import.meta.dirname, "../..");
const READY_WITHIN_MS = 500_000;

/** A stack that runs, whoever started it. */
export type Stack = {
  /** The public origin, e.g. `http://127.0.0.1:3000`. */
  url: string;
  /** The data folder. */
  folder: string;
  /** Everything it has printed so far. */
  output(): string;
};

/** A test's own stack, to be killed, restarted and disposed of. */
export type RunningStack = Stack & {
  /** The pid of a service, e.g. `worker-1`. */
  pid(part: string): Promise<number>;
  /** SIGTERM, then waits for its end. */
  stop(): Promise<void>;
  /** kill -9 of the supervisor alone. */
  kill(): Promise<void>;
  /** Starts it again over the same data. */
  restart(): Promise<void>;
  /** Stops it and removes its data. */
  dispose(): Promise<void>;
};

/**
 * `environment` is added to the stack's own. Rejects with the end of the output when it does not get ready.
 */
export async function startStack(environment: Record<string, string> = {}): Promise<RunningStack> {
  const folder = await mkdtemp(join(tmpdir(), "storagex-e2e-"));
  let child: ChildProcess;
  let text = "";
  let url = "";

  async function start(): Promise<void> {
    text = "";
    const entry = environment.CRASH_AT ? "e2e/testing/crashing-stack.ts" : "stack/entries/start.ts";
    child = spawn(process.execPath, [entry], {
      cwd: ROOT,
      env: { ...process.env, STORAGEX_DATA: folder, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
    }
    const deadline = Date.now() + READY_WITHIN_MS;
    for (;;) {
      const ready = /StorageX is ready at (http\S+)/.exec(text)?.[1];
      if (ready) {
        url = ready.replace(/\/$/, "");
        return;
      }
      if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
        child.kill("SIGKILL");
        throw new Error(`the stack did not get ready:\n${text.slice(-4000)}`);
      }
      await sleep(100);
    }
  }

  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  }

  await start();
  return {
    get url() {
      return url;
    },
    folder,
    output: () => text,
    pid: async (part) => Number((await readFile(join(folder, "run", `${part}.pid`), "utf8")).trim()),
    stop,
    kill: async () => {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
    restart: start,
    dispose: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
