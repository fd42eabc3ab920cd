/** Limits on attempts, counted in the database before anything costly happens: isolates share nothing. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, query } from "../db/connect.ts";
import { problem } from "../http/problem.ts";
import { hashOf } from "./random.ts";

const WINDOW_SECONDS = 900;

type Limit = { subject: string; most: number };
const counted = z.object({ subject: z.string(), count: z.coerce.number(), left: z.coerce.number() });

/** Wrong and right attempts on one account; a right one clears the count. */
export const ofAccount = async (email: string): Promise<Limit> => ({
  // Hashed: what was typed into the field may be a password.
  subject: `account:${await hashOf(email)}`,
  most: 10,
});

/** Attempts from one client; no limit where no trusted header names it. */
export const ofClient = (act: "login" | "register" | "setup", address: string | undefined): Limit[] =>
  address === undefined ? [] : [{ subject: `${act}:${address}`, most: act === "login" ? 60 : 20 }];

/** Counts one attempt for each limit, in one statement. Throws `auth.too_many_attempts` past any of them. */
export async function countAttempt(db: Db, limits: readonly Limit[]): Promise<void> {
  if (limits.length === 0) return;
  const values = sql.join(
    limits.map(({ subject }) => sql`(${subject}, ${windowStart()}, 1)`),
    sql`, `,
  );
  const rows = await query(
    db,
    sql`INSERT INTO attempts AS a (subject, window_start, count) VALUES ${values}
      ON CONFLICT (subject, window_start) DO UPDATE SET count = a.count + 1
      RETURNING subject, count,
        extract(epoch FROM window_start + ${WINDOW_SECONDS}::int * interval '1 second' - now()) AS left`,
    counted,
  );
  const over = rows.filter((row) => row.count > (limits.find((l) => l.subject === row.subject)?.most ?? 0));
  if (over.length === 0) return;
  throw problem("auth.too_many_attempts", { retryAfter: Math.max(...over.map((row) => row.left)) });
}

/** The clock of all windows is the database's. */
function windowStart() {
  return sql`date_bin(${WINDOW_SECONDS}::int * interval '1 second', now(), timestamptz 'epoch')`;
}
