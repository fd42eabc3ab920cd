/** Records live workers: chunk lengths and the fair release depend on their number. */
import { sql } from "drizzle-orm";
import type { Edge } from "../context.ts";

/** Records the worker and how many tasks it runs at a time. */
export async function noteWorker(
  { db }: Edge,
  { worker, slots }: { worker: string; slots: number },
): Promise<void> {
  await db.execute(sql`INSERT INTO workers (name, slots) VALUES (${worker}, ${slots}::int)
    ON CONFLICT (name) DO UPDATE SET slots = excluded.slots, seen_at = now()`);
}
