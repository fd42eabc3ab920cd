/** The endpoint as the Worker uses it: Neon's own client and drizzle, against a real PostgreSQL. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NeonDbError, neon, neonConfig } from "@neondatabase/serverless";
import { eq, sql as raw } from "drizzle-orm";
import { drizzle } from "drizzle-orm/neon-http";
import { bigint, jsonb, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres } from "../../testing/services/start-postgres.ts";
import { startSqlEndpoint } from "../../testing/services/start-sql-endpoint.ts";

const videos = pgTable("videos", {
  id: uuid().primaryKey().defaultRandom(),
  title: text().notNull().unique("videos_title"),
  size: bigint({ mode: "number" }).notNull(),
  notes: jsonb().$type<{ tags: string[] }>(),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
});

let dir: string;
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let endpoint: Awaited<ReturnType<typeof startSqlEndpoint>>;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "storagex-sql-"));
  postgres = await startPostgres(dir);
  endpoint = await startSqlEndpoint(dir, postgres.databaseUrl);
  neonConfig.fetchEndpoint = () => endpoint.sqlUrl;
  await neon(postgres.databaseUrl)`CREATE TABLE videos (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    title text NOT NULL CONSTRAINT videos_title UNIQUE, size bigint NOT NULL, notes jsonb,
    "createdAt" timestamptz NOT NULL DEFAULT now())`;
});

afterAll(async () => {
  await endpoint?.stop();
  await postgres?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function failure(promise: PromiseLike<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable("it should have failed"),
    (error: unknown) => error,
  );
}

test("drizzle writes and reads every type that we store", async () => {
  const db = drizzle(neon(postgres.databaseUrl));
  const [row] = await db
    .insert(videos)
    .values({ title: "Ünïcode 🎬 'quoted'", size: 50_000_000_000, notes: { tags: ["a", 'b"c'] } })
    .returning();
  expect(row?.createdAt).toBeInstanceOf(Date);
  const [read] = await db.select().from(videos).where(eq(videos.size, 50_000_000_000));
  expect(read).toEqual(row);
  expect(read?.notes).toEqual({ tags: ["a", 'b"c'] });
});

test("values come back by their type, arrays and NULL too", async () => {
  const sql = neon(postgres.databaseUrl);
  const [row] = await sql`SELECT ${7}::int AS i, ${["x", "y,z"]}::text[] AS a, NULL AS n, true AS b,
    ${Buffer.from([0, 255])}::bytea AS y, 1.5::float8 AS f`;
  expect(row).toEqual({ i: 7, a: ["x", "y,z"], n: null, b: true, y: Buffer.from([0, 255]), f: 1.5 });
});

test("fullResults names command, count and fields", async () => {
  const sql = neon(postgres.databaseUrl, { fullResults: true });
  const result = await sql`UPDATE videos SET size = size WHERE false`;
  expect(result).toMatchObject({ command: "UPDATE", rowCount: 0, rows: [] });
  const one = await sql`SELECT 1::int AS one`;
  expect(one.fields[0]).toMatchObject({ name: "one", dataTypeID: 23 });
});

test("a batch is one transaction: a late failure undoes all of it", async () => {
  const db = drizzle(neon(postgres.databaseUrl));
  const error = await failure(
    db.batch([
      db.insert(videos).values({ title: "batch", size: 1 }),
      db.insert(videos).values({ title: "batch", size: 2 }),
    ]),
  );
  expect(String(error)).toContain("videos_title");
  expect(await db.select().from(videos).where(eq(videos.title, "batch"))).toEqual([]);
  const [first, second] = await db.batch([
    db.execute(raw`SELECT txid_current()::text AS id`),
    db.execute(raw`SELECT txid_current()::text AS id`),
  ]);
  expect(first.rows).toEqual(second.rows);
});

test("isolation, read only and deferrable of a batch are held", async () => {
  const sql = neon(postgres.databaseUrl);
  const answers = await sql.transaction([sql`SHOW transaction_isolation`, sql`SHOW transaction_read_only`], {
    isolationLevel: "Serializable",
    readOnly: true,
    deferrable: true,
  });
  expect(answers).toEqual([[{ transaction_isolation: "serializable" }], [{ transaction_read_only: "on" }]]);
  const error = await failure(sql.transaction([sql`DELETE FROM videos`], { readOnly: true }));
  expect(error).toMatchObject({ code: "25006" });
  // The next session from the pool is not read-only.
  await sql`DELETE FROM videos WHERE false`;
});

test("a conflict carries SQLSTATE, constraint, table and detail", async () => {
  const sql = neon(postgres.databaseUrl);
  await sql`INSERT INTO videos (title, size) VALUES ('twice', 1)`;
  const error = await failure(sql`INSERT INTO videos (title, size) VALUES ('twice', 1)`);
  expect(error).toBeInstanceOf(NeonDbError);
  expect(error).toMatchObject({
    code: "23505",
    constraint: "videos_title",
    table: "videos",
    severity: "ERROR",
  });
  expect(error).toHaveProperty("detail", "Key (title)=(twice) already exists.");
});

test("another password, user or database is refused", async () => {
  for (const change of [{ password: "wrong" }, { username: "other" }, { pathname: "/postgres" }]) {
    const url: URL = new URL(postgres.databaseUrl);
    Object.assign(url, change);
    expect(await failure(neon(url.href)`SELECT 1`)).toMatchObject({ code: "28P01" });
  }
});

test("a second statement cannot ride in one text", async () => {
  const error = await failure(neon(postgres.databaseUrl).query("SELECT 1; DROP TABLE videos"));
  expect(error).toMatchObject({ code: "42601" });
});

test("a statement ends after 5 s", async () => {
  const sql = neon(postgres.databaseUrl);
  expect(await sql`SHOW statement_timeout`).toEqual([{ statement_timeout: "5s" }]);
  expect(await failure(sql`SELECT pg_sleep(3600)`)).toMatchObject({ code: "57014" });
});

test("a body over the limit, or of another shape, is refused", async () => {
  const post = (body: string): Promise<Response> =>
    fetch(endpoint.sqlUrl, {
      method: "POST",
      body,
      headers: { "Neon-Connection-String": postgres.databaseUrl },
    });
  expect((await post("x".repeat(9 * 1024 * 1024))).status).toBe(413);
  expect((await post("{}")).status).toBe(400);
  expect((await post('{"query": 7}')).status).toBe(400);
});

test("a restarted PostgreSQL is found again", async () => {
  const sql = neon(postgres.databaseUrl);
  await Promise.all(Array.from({ length: 5 }, () => sql`SELECT pg_sleep(0.1)`));
  process.kill(postgres.pid, "SIGKILL");
  const { runService } = await import("../../testing/services/run-service.ts");
  const { postgresService } = await import("../../stack/services/postgres.ts");
  const settings = { folder: join(dir, "postgres"), port: postgres.port, password: "for a test/only" };
  const again = await runService(postgresService(settings), join(dir, "log"));
  postgres = { ...postgres, ...again };
  expect(await sql`SELECT 1::int AS one`).toEqual([{ one: 1 }]);
});

test("statements in one request have nothing to do with each other", async () => {
  const title = "in one request";
  const insert = { query: "INSERT INTO videos (title, size) VALUES ($1, 1)", params: [title] };
  const answer = await fetch(endpoint.sqlUrl, {
    method: "POST",
    headers: {
      "neon-connection-string": postgres.databaseUrl,
      "content-type": "application/json",
    },
    body: JSON.stringify([insert, { query: "SELECT pg_sleep(0.3), 1 AS late" }, { query: "SELECT no" }]),
  });
  expect(answer.status).toBe(200);
  const lines = (await answer.text()).trimEnd().split("\n");
  const said: { at: number; status: number; body: Record<string, unknown> }[] = lines.map((line) =>
    JSON.parse(line),
  );
  expect(said.map(({ at, status }) => [at, status]).sort()).toEqual([
    [0, 200],
    [1, 200],
    [2, 400],
  ]);
  expect(said.at(-1), "the slow one comes last").toMatchObject({ at: 1, body: { rows: [["", 1]] } });
  expect(said.find(({ at }) => at === 2)?.body.code).toBe("42703");
  const rows = await neon(postgres.databaseUrl)`SELECT size FROM videos WHERE title = ${title}`;
  expect(rows).toHaveLength(1);
});

test("a statement that was prepared runs also where the session has lost it", async () => {
  const sql = neon(postgres.databaseUrl);
  const ask = () => sql`SELECT ${7}::int + 1 AS eight`;
  for (let time = 0; time < 5; time += 1) expect(await ask()).toEqual([{ eight: 8 }]);
  // Sequential statements all use the same connection.
  expect(await sql`SELECT count(*)::int AS kept FROM pg_prepared_statements`).not.toEqual([{ kept: 0 }]);
  await sql`DEALLOCATE ALL`;
  expect(await ask()).toEqual([{ eight: 8 }]);
});
