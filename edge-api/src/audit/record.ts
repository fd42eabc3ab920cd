/** Writes down privileged acts in the very statement that does them: the CTE that writes to `audit`. */
import type { AuditAction, AuditActor } from "@storagex/contract/audit";
import { type SQL, sql } from "drizzle-orm";

/** The act that a route declares, by whom it is done and from where. */
export type Audit = {
  action: AuditAction;
  /** The account that calls; null where the route asks for none. */
  actorId: string | null;
  address: string | null;
  userAgent: string | null;
};

/** What the act is done to. Of each row in the CTE: `id`, and of a video `owner_id`, of a session `user_id`. */
type Target = "video" | "account" | "session";

/**
 * The CTE `audited`: one row for each row of the CTE `of`, and none where nobody's act is to be written down. What one does
 * with one's own videos is no privileged act; one's own account and sessions are credentials. `by` the system: what nobody
 * asked for.
 */
export function audited(audit: Audit | undefined, of: string, target: Target, by: AuditActor = "user"): SQL {
  if (!audit) return sql`audited AS (SELECT 1)`;
  const { action, actorId, address, userAgent } = audit;
  const [id, owner, user] = ["id", "owner_id", "user_id"].map((column) => sql.raw(`${of}.${column}`));
  const caller = {
    video: sql`${actorId}::text`,
    account: sql`coalesce(${actorId}::text, ${id})`,
    session: user,
  }[target];
  const condition = target === "video" ? sql`WHERE ${owner} <> ${actorId}::text` : sql``;
  return sql`audited AS (
      INSERT INTO audit (actor_kind, actor_id, action, target_kind, target_id, address, user_agent)
      SELECT ${by}::text, ${by === "user" ? caller : sql`NULL`}, ${action}::text, ${target}::text, ${id}, ${address}::text, ${userAgent}::text
      FROM ${sql.raw(of)} ${condition}
    )`;
}

/** Drops what is older than a year, some at a time; for the sweep. */
export const forgetAudit: SQL = sql`DELETE FROM audit WHERE id IN (
  SELECT id FROM audit WHERE at < now() - interval '1 year' ORDER BY at LIMIT 10000)`;
