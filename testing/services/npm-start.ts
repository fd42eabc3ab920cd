/** Runs `npm start` as a person would, for the tests of the stack's life. */
import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { inClone } from "../../stack/paths.ts";
import { MARK } from "../../stack/supervise/launch.ts";
import { until } from "../../stack/supervise/probe.ts";

export type Started = {
  /** npm's pid; npm leads the process group, as under a terminal. */
  npm: number;
  output(): string;
  /** Waits for the ready line and returns its URL; throws with the output when it does not come. */
  ready(): Promise<string>;
  /** Waits for the end of npm and of the stack; returns the exit code. */
  ended(withinMs: number): Promise<number | null>;
  /** Ctrl-C: the terminal signals the whole group. */
  interrupt(): void;
  /** kill -9 of the whole group; the services die with their supervisor. */
  kill(): void;
};

/** Starts the stack in `folder` with `env` added. */
export function npmStart(folder: string, env: Readonly<Record<string, string>> = {}): Started {
  const child = spawn("npm", ["start"], {
    cwd: inClone(),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, STORAGEX_DATA: folder, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const npm = child.pid;
  if (npm === undefined) throw new Error("npm is missing");
  let text = "";
  let closed = false;
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
  });
  child.stderr.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
  });
  child.once("close", () => {
    closed = true;
  });
  return {
    npm,
    output: () => text,
    ready: async () => {
      const url = (): string | undefined => /StorageX is ready at (http\S+)/.exec(text)?.[1];
      await until(async () => closed || url() !== undefined, 500_000);
      const found = url();
      if (found === undefined) throw new Error(`the stack did not get ready:\n${text.slice(-4_000)}`);
      return found;
    },
    ended: async (withinMs) => {
      if (!(await until(async () => closed, withinMs, 50)))
        throw new Error(`it did not end:\n${text.slice(-2_000)}`);
      return child.exitCode;
    },
    interrupt: () => {
      if (!closed) process.kill(-npm, "SIGINT");
    },
    kill: () => {
      if (!closed) process.kill(-npm, "SIGKILL");
    },
  };
}

/** Every living process of the stack of `folder`, by the mark in its environment. */
export async function processesOf(folder: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
      if (!environment.split("\0").includes(`${MARK}=${folder}`)) return [];
      return [`${pid} ${(await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")).trim()}`];
    }),
  );
  return found.flat();
}

/** The pid of a service, from its pid file. */
export async function pidOf(folder: string, service: string): Promise<number> {
  return Number(await readFile(join(folder, "run", `${service}.pid`), "utf8"));
}
