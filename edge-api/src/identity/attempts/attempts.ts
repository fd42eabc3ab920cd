/** Limits attempts, counted in the database before any expensive work. */
import type { Db } from "../../db/connect.ts";
import { countInWindow } from "../../db/count.ts";
import { problem } from "../../problem/problem.ts";
import { requireShortLine } from "../passwords/hash-turns.ts";
import type { Limit } from "./attempt-limits.ts";

/**
 * Counts one attempt under each limit in turn; counts none while the hash queue is too long. Throws
 * `auth.too_many_attempts` at the first limit exceeded. Later limits are not counted then, so pass first what
 * an outsider cannot choose freely: otherwise made-up addresses would fill the table as fast as requests
 * arrive.
 */
export async function countAttempt(db: Db, limits: readonly Limit[]): Promise<void> {
  requireShortLine();
  for (const { subject, max } of limits) {
    const { count, left } = await countInWindow(db, subject);
    if (count > max) throw problem("auth.too_many_attempts", { retryAfter: left });
  }
}
