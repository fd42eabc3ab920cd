/** One-shot command: migrates the schema of `DATABASE_URL` and exits. Safe to run at every start. */
import pg from "pg";
import { readConfig } from "./config.ts";
import { migrateDatabase } from "./migrate-database.ts";

const client = new pg.Client({ connectionString: readConfig().DATABASE_URL });
await client.connect();
try {
  const slow = await migrateDatabase(client);
  if (slow) process.stdout.write(`${slow}\n`);
} finally {
  await client.end();
}
