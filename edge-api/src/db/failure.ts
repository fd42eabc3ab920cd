/** What a failed statement means: a conflict that an act can tell, or a database that does not answer. */
import { NeonDbError } from "@neondatabase/serverless";

/** The database's own error under whatever drizzle wrapped around it; undefined when it is another error. */
function databaseError(error: unknown): NeonDbError | undefined {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if (inner instanceof NeonDbError) return inner;
  }
  return undefined;
}

/** Whether a unique constraint or index refused the row; `name` as in the schema, any when left out. */
export function isConflict(error: unknown, name?: string): boolean {
  const inner = databaseError(error);
  return inner?.code === "23505" && (name === undefined || inner.constraint === name);
}

/**
 * Whether the database could not be asked: no SQLSTATE (no answer in time, or none at all), connection lost (08),
 * rolled back for another (40), out of resources (53), shut down or cancelled by the time limit (57).
 */
export function isUnavailable(error: unknown): boolean {
  const inner = databaseError(error);
  if (!inner) return false;
  return inner.code === undefined || /^(08|40|53|57)/.test(inner.code);
}

/** Whether a value was one that PostgreSQL cannot hold (class 22): the same statement fails the same way every time. */
export function isUnstorable(error: unknown): boolean {
  return databaseError(error)?.code?.startsWith("22") ?? false;
}
