/** Turns errors of PostgreSQL or its connection into responses from which the client builds NeonDbError. */
import pg from "pg";

/** The fields that the client copies from a 400 response. */
const FIELDS = [
  "severity",
  "code",
  "detail",
  "hint",
  "position",
  "internalPosition",
  "internalQuery",
  "where",
  "schema",
  "table",
  "column",
  "dataType",
  "constraint",
  "file",
  "line",
  "routine",
] as const;

export type Failure = { status: 400 | 503; body: { message: string } & Record<string, string> };

/** A PostgreSQL error is a 400 with its SQLSTATE. Anything else means that PostgreSQL is unreachable: 503. */
export function failureOf(error: unknown): Failure {
  if (error instanceof pg.DatabaseError) {
    const body: Failure["body"] = { message: error.message };
    for (const name of FIELDS) {
      const value = error[name];
      if (value !== undefined) body[name] = value;
    }
    return { status: 400, body };
  }
  const reason = error instanceof Error ? error.message || error.name : "unknown error";
  return { status: 503, body: { message: `the database cannot be reached: ${reason}`, code: "08006" } };
}

/** Whether connecting again can help. Safe, because no statement has been sent yet. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  // 57P03: PostgreSQL is starting up or shutting down.
  return error.code === "ECONNREFUSED" || error.code === "57P03" || error.code === "ENOENT";
}
