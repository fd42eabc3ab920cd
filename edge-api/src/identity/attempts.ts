/** Limits on attempts, counted in the database before anything costly happens: isolates share nothing. */
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, query } from "../db/connect.ts";
import { problem } from "../http/problem.ts";
import type { Limit } from "./attempt-limits.ts";
import { requireShortLine } from "./hash-turns.ts";

const WINDOW = sql`interval '15 minutes'`;
/** The clock of all windows is the database's. */
const WINDOW_START = sql`date_bin(${WINDOW}, now(), timestamptz 'epoch')`;

const countRow = z.object({ count: z.coerce.number(), left: z.coerce.number() });

/**
 * Counts one attempt under each limit in turn, and none while the line of hashes is too long. Throws
 * `auth.too_many_attempts` at the first one that is past: those after it are not counted, so put first what a stranger
 * cannot choose freely. Made-up addresses would else fill the table at the speed of requests.
 */
export async function countAttempt(db: Db, limits: readonly Limit[]): Promise<void> {
  requireShortLine();
  for (const { subject, most } of limits) {
    const [counted] = await query(
      db,
      sql`INSERT INTO attempts AS a (subject, window_start, count) VALUES (${subject}, ${WINDOW_START}, 1)
        ON CONFLICT (subject, window_start) DO UPDATE SET count = a.count + 1
        RETURNING count, extract(epoch FROM window_start + ${WINDOW} - now()) AS left`,
      countRow,
    );
    if (counted && counted.count > most)
      throw problem("auth.too_many_attempts", { retryAfter: counted.left });
  }
}

/** Forgets the counts of windows that are over. */
export const forgetAttempts: SQL = sql`DELETE FROM attempts WHERE window_start < now() - ${WINDOW}`;
