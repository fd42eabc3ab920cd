/**
 * What the application may do in the embedded PostgreSQL: everything in its database, nothing to the server.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres } from "../../testing/services/start-postgres.ts";

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
