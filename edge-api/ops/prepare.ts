/** One-shot command of `npm start`: `migrate` and `admin first-admin` in one process, as each costs a start. */
import pg from "pg";
import { readConfig } from "./config.ts";
import { firstAdmin } from "./first-admin.ts";
import { migrateDatabase } from "./migrate-database.ts";

const { DATABASE_URL, ...settings } = readConfig();
const client = new pg.Client({ connectionString: DATABASE_URL });
await client.connect();
try {
  const slow = await migrateDatabase(client);
  if (slow) process.stdout.write(`${slow}\n`);
  process.stdout.write(`${await firstAdmin(client, settings)}\n`);
} finally {
  await client.end();
}
