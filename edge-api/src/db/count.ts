/**
 * Counters in fixed windows on the database's clock, because isolates share no memory. The sweep of
 * `attempts` deletes them.
 */
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, query } from "./connect.ts";

const WINDOW = sql`interval '15 minutes'`;

const countRow = z.object({ count: z.coerce.number(), left: z.coerce.number() });

/** Counts one more for `subject` in this 15-minute window. Returns the count and the seconds left. */
export async function countInWindow(db: Db, subject: string): Promise<{ count: number; left: number }> {
  const [counted] = await query(
    db,
    sql`INSERT INTO attempts AS a (subject, window_start, count)
      VALUES (${subject}, date_bin(${WINDOW}, now(), timestamptz 'epoch'), 1)
      ON CONFLICT (subject, window_start) DO UPDATE SET count = a.count + 1
      RETURNING count, extract(epoch FROM window_start + ${WINDOW} - now()) AS left`,
    countRow,
  );
  if (!counted) throw new Error("the count was not written");
  return counted;
}

/** Deletes the counts of past windows, some at a time. */
export const forgetCounts: SQL = sql`DELETE FROM attempts WHERE (subject, window_start) IN (
  SELECT subject, window_start FROM attempts WHERE window_start < now() - ${WINDOW} ORDER BY window_start LIMIT 10000)`;
