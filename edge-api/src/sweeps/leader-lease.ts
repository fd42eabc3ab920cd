/** The right to work that only one replica does at a time: a row names its holder, and another takes over. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, query } from "../db/connect.ts";

const heldRow = z.object({ name: z.string() });

/**
 * Takes or renews the lease `name` for `holder`, for `seconds` on the database's clock. False while another
 * replica holds it.
 */
export async function holdLeaderLease(
  db: Db,
  name: string,
  holder: string,
  seconds: number,
): Promise<boolean> {
  const statement = sql`
    INSERT INTO duties (name, holder, until)
    VALUES (${name}, ${holder}, now() + ${seconds}::float8 * interval '1 second')
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE duties.holder = excluded.holder OR duties.until < now()
    RETURNING name`;
  return (await query(db, statement, heldRow)).length > 0;
}
