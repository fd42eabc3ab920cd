/** Connects the Worker to PostgreSQL by Neon's HTTP protocol: to Neon itself or to our SQL endpoint. */
import { neon, neonConfig } from "@neondatabase/serverless";
import { type SQL, sql } from "drizzle-orm";
import { drizzle, type NeonHttpDatabase } from "drizzle-orm/neon-http";
import { z } from "zod";
import type { Config } from "../config.ts";
import { makeBundles } from "./bundles.ts";

/** Longer than the endpoint's own limits, so that its error comes first. Cuts off a paused server. */
const QUERY_MS = 8_000;
/** A longer statement (a worker's report) gets a request of its own. */
const MAX_BUNDLED = 64 * 1024;

export type Db = NeonHttpDatabase<Record<string, never>>;

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
    const { SQL_ENDPOINT_URL } = config;
    if (SQL_ENDPOINT_URL) {
      neonConfig.fetchEndpoint = () => SQL_ENDPOINT_URL;
      neonConfig.fetchFunction = bundled(SQL_ENDPOINT_URL);
    } else neonConfig.fetchFunction = fetchInTime;
    db = drizzle(neon(config.DATABASE_URL));
    open.set(config, db);
  }
  return db;
}

const fetchInTime = (url: string, init: RequestInit) =>
  fetch(url, { ...init, signal: AbortSignal.timeout(QUERY_MS) });

/** The fields that Neon's client reads of a response. */
type Read = { ok: boolean; status: number; json: () => Promise<unknown>; text: () => Promise<string> };

/** Fetch function for our own endpoint, which accepts several independent statements in one request. */
function bundled(url: string): (url: string, init: RequestInit) => Promise<Read> {
  let headers: HeadersInit | undefined;
  const ask = makeBundles(
    (body) => fetchInTime(url, { method: "POST", body, ...(headers && { headers }) }),
    (work) => keepAlive(work),
  );
  return async (_, init) => {
    const { body } = init;
    // A transaction has its own headers.
    if (typeof body !== "string" || !body.startsWith('{"query":') || body.length > MAX_BUNDLED)
      return fetchInTime(url, init);
    headers ??= init.headers;
    const answer = await ask(body);
    return {
      ok: answer.status === 200,
      status: answer.status,
      json: async () => answer.body,
      text: async () => JSON.stringify(answer.body),
    };
  };
}

/**
 * Runs one SQL statement and parses each row. PostgreSQL's `bigint` arrives as text: use `z.coerce.number()`.
 * Throws the errors that `failure.ts` classifies.
 */
export async function query<S extends z.ZodType>(db: Db, statement: SQL, row: S): Promise<z.infer<S>[]> {
  const { rows } = await db.execute(statement);
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
  const { rows } = await db.execute(
    sql`SELECT coalesce(json_agg(row_to_json(listed)), '[]') AS rows FROM (${statement}) AS listed`,
  );
  const [{ rows: read }] = answered.parse(rows);
  return read as R[];
}
