/** The Worker's way to PostgreSQL: Neon's HTTP protocol, to Neon itself or to our SQL endpoint. */
import { neon, neonConfig } from "@neondatabase/serverless";
import type { SQL } from "drizzle-orm";
import { drizzle, type NeonHttpDatabase } from "drizzle-orm/neon-http";
import type { z } from "zod";
import type { Config } from "../config.ts";

/** Longer than the endpoint's own limits, so that its error comes first; a paused server is cut here. */
const QUERY_MS = 8_000;

export type Db = NeonHttpDatabase<Record<string, never>>;

const open = new WeakMap<Config, Db>();

/** The database of this configuration. It holds no connection: each statement is one HTTP request. */
export function connect(config: Config): Db {
  let db = open.get(config);
  if (!db) {
    const { SQL_ENDPOINT_URL } = config;
    if (SQL_ENDPOINT_URL) neonConfig.fetchEndpoint = () => SQL_ENDPOINT_URL;
    neonConfig.fetchFunction = (url: string, init: RequestInit) =>
      fetch(url, { ...init, signal: AbortSignal.timeout(QUERY_MS) });
    db = drizzle(neon(config.DATABASE_URL));
    open.set(config, db);
  }
  return db;
}

/**
 * Runs one statement written as SQL and parses each row. Whole numbers of PostgreSQL's `bigint` come as text:
 * say `z.coerce.number()`. Throws what `failure.ts` reads.
 */
export async function query<S extends z.ZodType>(db: Db, statement: SQL, row: S): Promise<z.infer<S>[]> {
  const { rows } = await db.execute(statement);
  return rows.map((values) => row.parse(values));
}
