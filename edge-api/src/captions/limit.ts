/** How many files of captions an account may have read: each costs time of the isolate, also one that is refused. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, query } from "../db/connect.ts";
import { problem } from "../http/problem.ts";

const WINDOW = sql`interval '15 minutes'`;
/** Ten videos with all their tracks. */
const MAX_FILES = 200;

const countRow = z.object({ count: z.coerce.number(), left: z.coerce.number() });

/** Counts a file of the account; the sweep of attempts forgets it. Throws `captions.too_often`. */
export async function countFile(db: Db, ownerId: string): Promise<void> {
  const [counted] = await query(
    db,
    sql`INSERT INTO attempts AS a (subject, window_start, count)
      VALUES (${`captions:${ownerId}`}, date_bin(${WINDOW}, now(), timestamptz 'epoch'), 1)
      ON CONFLICT (subject, window_start) DO UPDATE SET count = a.count + 1
      RETURNING count, extract(epoch FROM window_start + ${WINDOW} - now()) AS left`,
    countRow,
  );
  if (counted && counted.count > MAX_FILES) throw problem("captions.too_often", { retryAfter: counted.left });
}
