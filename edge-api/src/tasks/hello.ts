/** A worker says that it lives: chunk lengths and the fair release follow the number of live workers. */
import { sql } from "drizzle-orm";
import type { Edge } from "../context.ts";

/** Notes the worker and how many tasks it does at a time. */
export async function noteWorker(
  { db }: Edge,
  { worker, slots }: { worker: string; slots: number },
): Promise<void> {
  await db.execute(sql`INSERT INTO workers (name, slots) VALUES (${worker}, ${slots}::int)
    ON CONFLICT (name) DO UPDATE SET slots = excluded.slots, seen_at = now()`);
}
