/** Limits on attempts, counted in the database before anything costly happens. */
import type { Db } from "../db/connect.ts";
import { countInWindow } from "../db/count.ts";
import { problem } from "../problem/problem.ts";
import type { Limit } from "./attempt-limits.ts";
import { requireShortLine } from "./hash-turns.ts";

/**
 * Counts one attempt under each limit in turn, and none while the line of hashes is too long. Throws
 * `auth.too_many_attempts` at the first one that is past: those after it are not counted, so put first what a stranger
 * cannot choose freely. Made-up addresses would else fill the table at the speed of requests.
 */
export async function countAttempt(db: Db, limits: readonly Limit[]): Promise<void> {
  requireShortLine();
  for (const { subject, most } of limits) {
    const { count, left } = await countInWindow(db, subject);
    if (count > most) throw problem("auth.too_many_attempts", { retryAfter: left });
  }
}
