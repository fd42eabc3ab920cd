/** Records live workers: chunk lengths and the fair release depend on their number. */
import type { Hello } from "@storagex/contract/routes/internal";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";

/** Records the worker, what it is, and how many tasks it runs at a time. Returns whether it is to drain. */
export async function noteWorker({ db }: Edge, { worker, slots, about }: Hello): Promise<boolean> {
  const { version = null, ffmpeg = null, encoder = null } = about ?? {};
  const statement = sql`INSERT INTO workers (name, slots, version, ffmpeg, encoder)
    VALUES (${worker}, ${slots}::int, ${version}, ${ffmpeg}, ${encoder})
    ON CONFLICT (name) DO UPDATE SET slots = excluded.slots, version = excluded.version, ffmpeg = excluded.ffmpeg,
      encoder = excluded.encoder, seen_at = now()
    RETURNING drained_at IS NOT NULL AS draining`;
  const [noted] = await query(db, statement, z.object({ draining: z.boolean() }));
  return noted?.draining ?? false;
}

/**
 * Counts an ended attempt of the worker, after the response: the counts are statistics, and the statement
 * that records the end should lock no row that all tasks of a worker share.
 */
export function countAttemptOf(edge: Edge, worker: string | null, outcome: "done" | "failed"): void {
  if (worker === null) return;
  const column = sql.raw(outcome === "done" ? "tasks_done" : "tasks_failed");
  edge.waitUntil(edge.db.execute(sql`UPDATE workers SET ${column} = ${column} + 1 WHERE name = ${worker}`));
}
