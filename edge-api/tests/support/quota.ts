/** Reads an account's usage counters from its row. */
import type { Pipeline } from "./pipeline.ts";

/** Bytes used and reserved, and open tickets. */
export async function quotaOf({ sql }: Pick<Pipeline, "sql">, userId: string): Promise<unknown> {
  const { rows } = await sql.query(
    "SELECT used_bytes::int AS used, reserved_bytes::int AS reserved, open_tickets AS open FROM users WHERE id = $1",
    [userId],
  );
  return rows[0];
}
