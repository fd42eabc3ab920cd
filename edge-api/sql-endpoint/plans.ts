/**
 * Which statements PostgreSQL keeps prepared on each connection: those that come again and again, so that they are parsed and
 * planned once. A pooler that hands every statement to another connection (pgBouncer before 1.21) cannot hold them: then none is.
 */
import { createHash } from "node:crypto";
import pg from "pg";

/** A text that came so often comes again; one with a list of another length each time does not. */
const TIMES = 3;
const MAX_COUNTED = 2_000;
/** Each connection holds all of them. */
const MAX_NAMED = 300;

/** No such prepared statement, or one of that name already: another session answers than was asked. */
const NOT_KEPT = ["26000", "42P05"];
/** The schema has changed under a prepared statement. */
const CHANGED = "0A000";

export type Plans = {
  /** The name under which to prepare this text; undefined for one that is not worth it. */
  nameOf(text: string): string | undefined;
  /** Whether the statement failed only because it was prepared: nothing of it has run, and it may run unprepared. */
  isLost(error: unknown): boolean;
};

export function makePlans(): Plans {
  const counts = new Map<string, number>();
  const names = new Map<string, string>();
  let isKept = true;
  return {
    nameOf(text) {
      if (!isKept) return undefined;
      const name = names.get(text);
      if (name !== undefined || names.size >= MAX_NAMED) return name;
      const count = (counts.get(text) ?? 0) + 1;
      if (counts.size >= MAX_COUNTED) counts.clear();
      counts.set(text, count);
      if (count < TIMES) return undefined;
      counts.delete(text);
      const made = createHash("sha256").update(text).digest("base64url").slice(0, 32);
      names.set(text, made);
      return made;
    },
    isLost(error) {
      if (!(error instanceof pg.DatabaseError)) return false;
      if (NOT_KEPT.includes(error.code ?? "")) {
        isKept = false;
        return true;
      }
      return error.code === CHANGED && error.message.includes("cached plan");
    },
  };
}
