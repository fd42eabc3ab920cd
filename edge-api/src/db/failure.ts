/** Classifies a failed statement: a conflict that an act can report, or a database that does not answer. */
import { NeonDbError } from "@neondatabase/serverless";

/** The database's own error, unwrapped from drizzle's; undefined for any other error. */
function databaseError(error: unknown): NeonDbError | undefined {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if (inner instanceof NeonDbError) return inner;
  }
  return undefined;
}

/** Whether a unique constraint or index refused the row. `name` as in the schema; any if omitted. */
export function isConflict(error: unknown, name?: string): boolean {
  const inner = databaseError(error);
  return inner?.code === "23505" && (name === undefined || inner.constraint === name);
}

/**
 * Whether the database was unavailable: no SQLSTATE (no answer, or not in time), connection lost (08), rolled
 * back because of a concurrent transaction (40), out of resources (53), shut down or cancelled by the time
 * limit (57).
 */
export function isUnavailable(error: unknown): boolean {
  const inner = databaseError(error);
  if (!inner) return false;
  return inner.code === undefined || /^(08|40|53|57)/.test(inner.code);
}

/** Whether PostgreSQL cannot store one of the values (class 22): the statement fails every time. */
export function isUnstorable(error: unknown): boolean {
  return databaseError(error)?.code?.startsWith("22") ?? false;
}
