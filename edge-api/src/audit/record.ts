/** The CTE that writes to `audit`: a privileged act is recorded by the same statement that performs it. */
import type { AuditAction, AuditActor } from "@storagex/contract/accounts/audit";
import { type SQL, sql } from "drizzle-orm";

/** The act that a route declares, with its actor and the origin of the request. */
export type Audit = {
  action: AuditAction;
  /** The calling account; null if the route requires none. */
  actorId: string | null;
  /** The API key by which it calls, if it does. */
  keyId: string | null;
  address: string | null;
  userAgent: string | null;
};

/**
 * The kind of object that the act changes. Columns needed in the CTE: `id`; for a video also `owner_id`, for
 * a session `user_id`.
 */
type Target =
  | "video"
  | "account"
  | "session"
  | "worker"
  | "playback_key"
  | "api_key"
  | "webhook"
  | "upload_link";
type Recorded = { by?: AuditActor; actions?: readonly AuditAction[]; isCredential?: boolean };

/**
 * The CTE `audited`: one row for each row of the CTE `of`. It writes no row for an owner's act on their own
 * videos, which is not privileged. Acts on one's own account and sessions are recorded, because they concern
 * credentials; so are an owner's on a video's shares (`isCredential`). `by` is `system` for acts that nobody
 * requested. `actions` replace the route's own where one route performs several: a row for each.
 */
export function audited(
  audit: Audit | undefined,
  of: string,
  target: Target,
  { by = "user", actions, isCredential = false }: Recorded = {},
): SQL {
  if (!audit) return sql`audited AS (SELECT 1)`;
  const { action, actorId, keyId, address, userAgent } = audit;
  const performed = sql`jsonb_array_elements_text(${JSON.stringify(actions ?? [action])}::jsonb) AS performed`;
  const [id, owner, user] = ["id", "owner_id", "user_id"].map((column) => sql.raw(`${of}.${column}`));
  const caller = {
    video: sql`${actorId}::text`,
    account: sql`coalesce(${actorId}::text, ${id})`,
    session: user,
    worker: sql`${actorId}::text`,
    playback_key: sql`${actorId}::text`,
    api_key: sql`${actorId}::text`,
    webhook: sql`${actorId}::text`,
    upload_link: sql`${actorId}::text`,
  }[target];
  const ownerId = {
    video: owner,
    account: id,
    session: user,
    worker: sql`NULL::text`,
    playback_key: sql`${actorId}::text`,
    api_key: sql`${actorId}::text`,
    webhook: sql`${actorId}::text`,
    upload_link: sql`${actorId}::text`,
  }[target];
  const condition = target === "video" && !isCredential ? sql`WHERE ${owner} <> ${actorId}::text` : sql``;
  return sql`audited AS (
      INSERT INTO audit (actor_kind, actor_id, action, target_kind, target_id, owner_id, key_id, address, user_agent)
      SELECT ${by}::text, ${by === "user" ? caller : sql`NULL`}, performed, ${target}::text, ${id}, ${ownerId}, ${keyId}::text, ${address}::text, ${userAgent}::text
      FROM ${sql.raw(of)}, ${performed} ${condition}
    )`;
}

/** Deletes audit rows older than a year, in batches; for the sweep. */
export const forgetAudit: SQL = sql`DELETE FROM audit WHERE id IN (
  SELECT id FROM audit WHERE at < now() - interval '1 year' ORDER BY at LIMIT 10000)`;
