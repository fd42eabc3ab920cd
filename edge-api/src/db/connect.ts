/** The Worker's way to PostgreSQL: Neon's HTTP protocol, to Neon itself or to our SQL endpoint. */
import { neon, neonConfig } from "@neondatabase/serverless";
import { type SQL, sql } from "drizzle-orm";
import { drizzle, type NeonHttpDatabase } from "drizzle-orm/neon-http";
import { z } from "zod";
import type { Config } from "../config.ts";
import { makeBundles } from "./bundles.ts";

/** Longer than the endpoint's own limits, so that its error comes first; a paused server is cut here. */
const QUERY_MS = 8_000;
/** A statement longer than this (a worker's report) travels alone. */
const MAX_BUNDLED = 64 * 1024;

export type Db = NeonHttpDatabase<Record<string, never>>;

const open = new WeakMap<Config, Db>();
let keepAlive: (work: Promise<unknown>) => void = () => undefined;

/** Says by what a request's time is held open while others wait for its statements. */
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

/** What Neon's client reads of a response. */
type Read = { ok: boolean; status: number; json: () => Promise<unknown>; text: () => Promise<string> };

/** For our own endpoint, which takes several statements at a time that have nothing to do with each other. */
function bundled(url: string): (url: string, init: RequestInit) => Promise<Read> {
  let headers: HeadersInit | undefined;
  const ask = makeBundles(
    (body) => fetchInTime(url, { method: "POST", body, ...(headers && { headers }) }),
    (work) => keepAlive(work),
  );
  return async (_, init) => {
    const { body } = init;
    // A transaction has headers of its own.
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
 * Runs one statement written as SQL and parses each row. Whole numbers of PostgreSQL's `bigint` come as text:
 * say `z.coerce.number()`. Throws what `failure.ts` reads.
 */
export async function query<S extends z.ZodType>(db: Db, statement: SQL, row: S): Promise<z.infer<S>[]> {
  const { rows } = await db.execute(statement);
  return rows.map((values) => row.parse(values));
}

const answered = z.tuple([z.object({ rows: z.custom<unknown[]>(Array.isArray) })]);

/**
 * Rows of a statement that only reads, as PostgreSQL's own JSON: many rows cost much less this way than value by value.
 * They are believed to be of type `R`: use it for columns whose shape the schema and our own writes fix. Numbers come as
 * numbers, timestamps must be made text. Throws what `failure.ts` reads.
 */
export async function readRows<R>(db: Db, statement: SQL): Promise<R[]> {
  const { rows } = await db.execute(
    sql`SELECT coalesce(json_agg(row_to_json(listed)), '[]') AS rows FROM (${statement}) AS listed`,
  );
  const [{ rows: read }] = answered.parse(rows);
  return read as R[];
}
