/** One-shot entry: brings the schema of `DATABASE_URL` up to date and ends; safe to run at every start. */
import { resolve } from "node:path";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { readConfig } from "./config.ts";
import { makeSearchIndexes } from "./search-indexes.ts";

/**
 * Two starts at once (replicas) wait for each other. The lock ends with the transaction, so it is the migration's own also
 * behind a pooler, and no dead start keeps it.
 */
const LOCK = 7_253_001;
/** Where the connection sets none. Longer than a migration of much data takes. */
const LOCK_TIMEOUT = "10min";

const client = new pg.Client({ connectionString: readConfig().DATABASE_URL });
await client.connect();
const db = drizzle(client);
try {
  const alone = <T>(work: (tx: Parameters<Parameters<typeof db.transaction>[0]>[0]) => Promise<T>) =>
    db.transaction(async (tx) => {
      await tx.execute(sql`SELECT set_config('lock_timeout', ${LOCK_TIMEOUT}, true)
        WHERE current_setting('lock_timeout') = '0'`);
      await tx.execute(sql`SELECT pg_advisory_xact_lock(${LOCK})`);
      return work(tx);
    });
  // The migrator begins and commits by itself: its BEGIN finds this transaction, and its COMMIT ends it, lock and all.
  await alone((tx) => migrate(tx, { migrationsFolder: resolve(import.meta.dirname, "../migrations") }));
  // Where the extensions are refused, this transaction comes to nothing, and the schema stands.
  const missing = await alone(() => makeSearchIndexes(client));
  if (missing)
    process.stdout.write(`searches have no index, and will be slow in a large library: ${missing}\n`);
} finally {
  await client.end();
}
