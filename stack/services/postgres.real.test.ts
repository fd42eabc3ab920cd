/**
 * What the application may do in the embedded PostgreSQL: everything in its database, nothing to the server.
 */
import { mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../../testing/services/run-service.ts";
import { startPostgres } from "../../testing/services/start-postgres.ts";
import { openDataFolder } from "../setup/data-folder.ts";
import { prepareDatabase } from "../setup/prepare-database.ts";
import { until } from "../supervise/probe.ts";
import { createSupervisor } from "../supervise/supervisor.ts";
import { postgresService } from "./postgres.ts";

let dir: string;
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let client: pg.Client;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "storagex-postgres-"));
  postgres = await startPostgres(dir);
  client = new pg.Client({ connectionString: postgres.databaseUrl });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await postgres?.stop();
  await rm(dir, { recursive: true, force: true });
});

test("its role owns the database, and is not the superuser", async () => {
  await client.query("CREATE SCHEMA own; CREATE TABLE own.things (at int); CREATE TABLE things (at int)");
  await expect(client.query("COPY (SELECT 1) TO PROGRAM 'true'")).rejects.toThrow("permission denied");
  await expect(client.query("CREATE ROLE another SUPERUSER")).rejects.toThrow("permission denied");
});

test("nobody signs in as the superuser", async () => {
  const url = new URL(postgres.databaseUrl);
  url.username = "postgres";
  const ruler = new pg.Client({ connectionString: url.href });
  await expect(ruler.connect()).rejects.toThrow("password authentication failed");
});

test("its schema is brought up to date for as long as it takes, which is said", async () => {
  // As another replica that migrates does.
  await client.query("BEGIN; SELECT pg_advisory_xact_lock(7253001)");
  const lines: string[] = [];
  const at = { databaseUrl: postgres.databaseUrl, publicUrl: "http://127.0.0.1" };
  const prepared = prepareDatabase(at, {}, (line) => lines.push(line), 200);
  expect(await until(async () => lines.length > 1, 300_000)).toBe(true);
  await client.query("COMMIT");
  expect(await prepared).toMatch(/\/setup\?token=/);
  expect(lines[0]).toMatch(/^The database's schema is still being brought up to date \(\d+ s\)/);
});

test("a server that recovers is waited for, however long, and what it says is passed on", async () => {
  await client.end();
  await postgres.stop();
  const cluster = join(dir, "postgres");
  // A standby recovers until it is promoted, and lets nobody in before that.
  await writeFile(join(cluster, "standby.signal"), "");
  const port = await freePort();
  const service = postgresService({ folder: cluster, port, password: "for a test/only" });
  const folder = await openDataFolder(join(await realpath(dir), "stack"));
  const lines: string[] = [];
  const supervisor = createSupervisor(
    folder,
    (line) => lines.push(line),
    () => undefined,
  );
  const command = [...service.command, "-c", "hot_standby=off"] as [string, ...string[]];
  const started = supervisor.start({ ...service, command, readyWithinMs: 500 });
  const isTold = async () =>
    lines.filter((line) => /^postgres is still starting: the database system is/.test(line)).length > 1;
  expect(await until(isTold, 300_000)).toBe(true);
  await writeFile(join(cluster, "promote"), "");
  process.kill(Number(await readFile(join(folder.run, "postgres.pid"), "utf8")), "SIGUSR1");
  await started;
  await supervisor.stop([]);
});
