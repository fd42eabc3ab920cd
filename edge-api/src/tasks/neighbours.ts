/** Tells the workers of one machine what the others run, so that they share its cores by rank. */
import {
  type Neighbours,
  type neighboursRequestSchema,
  neighboursSchema,
} from "@storagex/contract/routes/internal";
import { sql } from "drizzle-orm";
import type { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";

/** Records what the worker runs, and returns what the others of its machine do. */
export async function neighboursOf(
  { db }: Pick<Edge, "db">,
  { worker, machine, express, short }: z.infer<typeof neighboursRequestSchema>,
): Promise<Neighbours> {
  // A worker with tasks asks every second where it has neighbours: after five, it is lost, and stops nobody.
  const statement = sql`
    WITH own AS (
      INSERT INTO worker_ranks (worker, machine, express, short)
      VALUES (${worker}, ${machine}, ${express}::int, ${short}::int)
      ON CONFLICT (worker) DO UPDATE SET machine = excluded.machine, express = excluded.express, short = excluded.short,
        seen_at = now()
    )
    SELECT count(*)::int AS workers,
      coalesce(sum(express) FILTER (WHERE seen_at > now() - interval '5 seconds'), 0)::int AS express,
      coalesce(sum(short) FILTER (WHERE seen_at > now() - interval '5 seconds'), 0)::int AS short
    FROM worker_ranks
    WHERE machine = ${machine} AND worker <> ${worker} AND seen_at > now() - interval '30 seconds'`;
  const [found] = await query(db, statement, neighboursSchema);
  return found ?? { workers: 0, express: 0, short: 0 };
}
