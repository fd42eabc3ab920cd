/**
 * Locking before counting. Under READ COMMITTED a statement sees what was committed when it began: one that waits for a
 * lock itself does not see what the holder wrote meanwhile. So the lock is a statement of its own before it.
 */
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Db } from "./connect.ts";

/** As `query`, after `lock` in the same transaction. */
export async function queryLocked<S extends z.ZodType>(
  db: Db,
  lock: SQL,
  statement: SQL,
  row: S,
): Promise<z.infer<S>[]> {
  const [, { rows }] = await db.batch([db.execute(lock), db.execute(statement)]);
  return z.array(row).parse(rows);
}

/** Locks an account for what is limited by account. */
export const lockAccount = (id: string): SQL => sql`SELECT id FROM users WHERE id = ${id} FOR NO KEY UPDATE`;
