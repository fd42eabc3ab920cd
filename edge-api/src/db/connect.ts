/** Connects the Worker to PostgreSQL by Neon's HTTP protocol: to Neon itself or to our SQL endpoint. */
import { neon, neonConfig } from "@neondatabase/serverless";
import { type SQL, sql } from "drizzle-orm";
import { drizzle, type NeonHttpDatabase } from "drizzle-orm/neon-http";
import { z } from "zod";
import type { Config } from "../config.ts";
import { type Key, type KeyedRead, textOfKeys } from "./keyed.ts";
import { type Endpoint, openEndpoint } from "./transport/endpoint.ts";

/** Longer than the endpoint's own limits, so that its error comes first. Cuts off a paused server. */
const QUERY_MS = 8_000;

/** `endpoint` if the database is behind our own SQL endpoint: it answers single statements more cheaply. */
export type Db = NeonHttpDatabase<Record<string, never>> & { readonly endpoint?: Endpoint };

const open = new WeakMap<Config, Db>();
let keepAlive: (work: Promise<unknown>) => void = () => undefined;

/** Sets the function that keeps a request alive while other requests wait for its statements. */
export function keepAliveBy(hold: typeof keepAlive): void {
  keepAlive = hold;
}

/** The database of this configuration. It holds no connection: statements are HTTP requests. */
export function connect(config: Config): Db {
  let db = open.get(config);
  if (!db) {
    const { SQL_ENDPOINT_URL: url, DATABASE_URL } = config;
    neonConfig.fetchFunction = fetchInTime;
    if (url) neonConfig.fetchEndpoint = () => url;
    const neonDb = drizzle(neon(DATABASE_URL));
    const send = (body: string) =>
      fetchInTime(url ?? "", { method: "POST", body, headers: { "neon-connection-string": DATABASE_URL } });
    db = url ? Object.assign(neonDb, { endpoint: openEndpoint(send, (work) => keepAlive(work)) }) : neonDb;
    open.set(config, db);
  }
  return db;
}

const fetchInTime = (url: string, init: RequestInit) =>
  fetch(url, { ...init, signal: AbortSignal.timeout(QUERY_MS) });

/**
 * Runs one SQL statement and parses each row. PostgreSQL's `bigint` arrives as text: use `z.coerce.number()`.
 * Throws the errors that `failure.ts` classifies.
 */
export async function query<S extends z.ZodType>(db: Db, statement: SQL, row: S): Promise<z.infer<S>[]> {
  const rows = await rowsOf(db, statement);
  return rows.map((values) => row.parse(values));
}

async function rowsOf(db: Db, statement: SQL): Promise<readonly unknown[]> {
  return db.endpoint ? db.endpoint.one(statement) : (await db.execute(statement)).rows;
}

/**
 * The rows of one key, parsed. For frequent reads: what concurrent requests read by the same function is one
 * statement. Keys must be text that PostgreSQL accepts, or all of them fail. Throws as `query`.
 */
export async function queryKeyed<K extends Key, S extends z.ZodType>(
  db: Db,
  read: KeyedRead<K>,
  key: K,
  row: S,
): Promise<z.infer<S>[]> {
  const rows = db.endpoint
    ? await db.endpoint.keyed(read, key)
    : (await db.execute(read(sql`${textOfKeys([key])}`))).rows;
  return rows.map((values) => row.parse(values));
}

const answered = z.tuple([z.object({ rows: z.custom<unknown[]>(Array.isArray) })]);

/**
 * Reads rows as JSON that PostgreSQL builds: for many rows this is much cheaper than value by value. Only for
 * statements that read. The rows are not checked against `R`: use it for columns whose shape the schema and
 * our own writes guarantee. Numbers arrive as numbers; convert timestamps to text. Throws the errors that
 * `failure.ts` classifies.
 */
export async function readRows<R>(db: Db, statement: SQL): Promise<R[]> {
  const rows = await rowsOf(
    db,
    sql`SELECT coalesce(json_agg(row_to_json(listed)), '[]') AS rows FROM (${statement}) AS listed`,
  );
  const [{ rows: read }] = answered.parse(rows);
  return read as R[];
}
