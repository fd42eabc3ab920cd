/** Sets how often something was tried, so that a test need not try it itself: each try costs a hash. */
import type { Limit } from "../../src/identity/attempts/attempt-limits.ts";
import type { Edge } from "./harness.ts";

/** Sets the count of a subject that was tried in this window. Throws if it was not. */
export async function setAttempts(
  { sql }: Pick<Edge, "sql">,
  { subject }: Pick<Limit, "subject">,
  count: number,
): Promise<void> {
  const { rowCount } = await sql.query("UPDATE attempts SET count = $2 WHERE subject = $1", [subject, count]);
  if (rowCount !== 1) throw new Error(`${rowCount} counts of ${subject}`);
}

/** The count of a subject in this window; 0 if there is none. */
export async function attemptsOf(
  { sql }: Pick<Edge, "sql">,
  { subject }: Pick<Limit, "subject">,
): Promise<number> {
  const { rows } = await sql.query<{ count: number }>("SELECT count FROM attempts WHERE subject = $1", [
    subject,
  ]);
  return rows[0]?.count ?? 0;
}
