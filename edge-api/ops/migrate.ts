/** One-shot entry: brings the schema of `DATABASE_URL` up to date and ends; safe to run at every start. */
import { resolve } from "node:path";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { readConfig } from "./config.ts";
import { makeSearchIndexes } from "./search-indexes.ts";

/** Two starts at once (replicas) wait for each other. */
const LOCK = 7_253_001;

const client = new pg.Client({ connectionString: readConfig().DATABASE_URL });
await client.connect();
try {
  await client.query("SELECT pg_advisory_lock($1)", [LOCK]);
  await migrate(drizzle(client), { migrationsFolder: resolve(import.meta.dirname, "../migrations") });
  const missing = await makeSearchIndexes(client);
  if (missing)
    process.stdout.write(`searches have no index, and will be slow in a large library: ${missing}\n`);
} finally {
  await client.end();
}
