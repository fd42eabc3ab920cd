/** Brings the schema of a database up to date. Safe to run at every start. */
import { resolve } from "node:path";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import type pg from "pg";
import { renewEvents } from "./renew-events.ts";
import { makeSearchIndexes } from "./search-indexes.ts";

/**
 * Advisory lock: replicas that start at once migrate one after the other. It is a transaction lock, so it
 * also works behind a pooler, and a process that died does not keep it.
 */
const LOCK = 7_253_001;
/** Used if the connection sets none. Longer than a migration of much data takes. */
const LOCK_TIMEOUT = "10min";

/**
 * Migrates the database of `client`. Returns why searches have no index, or undefined where they have one.
 */
export async function migrateDatabase(client: pg.Client): Promise<string | undefined> {
  const db = drizzle(client);
  const alone = <T>(work: (tx: Parameters<Parameters<typeof db.transaction>[0]>[0]) => Promise<T>) =>
    db.transaction(async (tx) => {
      await tx.execute(sql`SELECT set_config('lock_timeout', ${LOCK_TIMEOUT}, true)
        WHERE current_setting('lock_timeout') = '0'`);
      await tx.execute(sql`SELECT pg_advisory_xact_lock(${LOCK})`);
      return work(tx);
    });
  // The migrator begins and commits by itself: its BEGIN joins this transaction, its COMMIT ends it.
  await unlessDeadlocked(() =>
    alone((tx) => migrate(tx, { migrationsFolder: resolve(import.meta.dirname, "../migrations") })),
  );
  await alone(() => renewEvents(client));
  // If the extensions are refused, only this transaction is rolled back; the schema stays migrated.
  const missing = await alone(() => makeSearchIndexes(client));
  return missing ? `searches have no index, and will be slow in a large library: ${missing}` : undefined;
}

/** Tries of a migration beside a running API, whose statements lock tables in their own order. */
const TRIES = 5;
const DEADLOCK = "40P01";

/** Repeats work that PostgreSQL ended to resolve a deadlock: it was rolled back. */
export async function unlessDeadlocked<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === TRIES || !isDeadlock(error)) throw error;
    }
  }
}

/** Drizzle's errors carry the database's as their cause. */
function isDeadlock(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && error.code === DEADLOCK) || isDeadlock(error.cause);
}
