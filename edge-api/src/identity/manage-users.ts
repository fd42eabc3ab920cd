/** What administrators do to accounts: invite, send a reset link, change role and quotas, disable and enable. */
import type { AdminUser, ChangeUser, Role } from "@storagex/contract/accounts/account";
import type { AuditAction } from "@storagex/contract/accounts/audit";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { audited } from "../audit/record.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { searchTextOf } from "../db/lists/search-text.ts";
import { iso, isPlainId, oneLine } from "../db/text.ts";
import { newId } from "../keys/random.ts";
import { endProcessing } from "../lifecycle/end-processing.ts";
import { problem } from "../problem/problem.ts";
import { newLink, storeLink } from "./account-links.ts";
import { anotherAdmin, isLastAdmin, lockAdmins } from "./active.ts";
import { readUser } from "./users.ts";

type Link = { url: string; expiresAt: string };
const madeRow = z.object({ id: z.string(), expiresAt: z.string() });

/** Makes an account without a password, and its invitation. Throws `account.email_taken`. */
export async function inviteUser(
  edge: Edge,
  { email, name, role }: { email: string; name?: string | undefined; role: Role },
): Promise<Link & { user: AdminUser }> {
  const shown = name === undefined ? null : oneLine(name) || null;
  const { url, tokenHash } = await newLink(edge, "invitation");
  const statement = sql`WITH account AS (
      INSERT INTO users (id, email, name, search_text, password_hash, role)
      VALUES (${newId()}, ${email}, ${shown}, ${searchTextOf([email, shown ?? ""])}, '', ${role})
      ON CONFLICT (email) DO NOTHING RETURNING id
    ), ${storeLink("account", "invitation", tokenHash)}, ${audited(edge.audit, "account", "account")}
    SELECT account.id, ${iso(sql`link.expires_at`)} AS "expiresAt" FROM account, link`;
  const [made] = await query(edge.db, statement, madeRow);
  if (!made) throw problem("account.email_taken");
  return { url, expiresAt: made.expiresAt, user: await shownUser(edge, made.id) };
}

/**
 * A new link for an account: to set another password, or, while nobody has joined, a new invitation. Earlier
 * links stop working. Throws `account.not_found`.
 */
export async function linkFor(edge: Edge, userId: string): Promise<Link> {
  const { invited } = await shownUser(edge, userId);
  const kind = invited ? "invitation" : "reset";
  const actions = [invited ? ("account.invited" as const) : ("account.reset_linked" as const)];
  const { url, tokenHash } = await newLink(edge, kind);
  const statement = sql`WITH account AS (
      SELECT id FROM users WHERE id = ${userId} AND deleted_at IS NULL FOR UPDATE
    ), earlier AS (
      DELETE FROM account_links USING account WHERE account_links.user_id = account.id
    ), ${storeLink("account", kind, tokenHash)}, ${audited(edge.audit, "account", "account", { actions })}
    SELECT account.id, ${iso(sql`link.expires_at`)} AS "expiresAt" FROM account, link`;
  const [made] = await query(edge.db, statement, madeRow);
  if (!made) throw problem("account.not_found");
  return { url, expiresAt: made.expiresAt };
}

/** The acts of a change as the audit names them. */
const actionsOf = ({ role, disabled, quotaBytes, quotaMinutes }: ChangeUser): AuditAction[] => [
  ...(role === undefined
    ? []
    : [role === "admin" ? ("account.promoted" as const) : ("account.demoted" as const)]),
  ...(disabled === undefined
    ? []
    : [disabled ? ("account.disabled" as const) : ("account.enabled" as const)]),
  ...(quotaBytes === undefined && quotaMinutes === undefined ? [] : ["account.quota_changed" as const]),
];

/**
 * Changes role and quotas, disables or enables. A disabled account's sessions end with the statement, its
 * videos stop encoding. Throws `account.not_found`, `account.last_admin`.
 */
export async function changeUser(edge: Edge, userId: string, change: ChangeUser): Promise<AdminUser> {
  await shownUser(edge, userId);
  const { role, disabled, quotaBytes, quotaMinutes } = change;
  const takesAdmin = role === "user" || disabled === true;
  const assigned = [
    ...(role === undefined ? [] : [sql`role = ${role}, bootstrap = bootstrap AND ${role} = 'admin'`]),
    ...(disabled === undefined
      ? []
      : [sql`disabled_at = ${disabled ? sql`coalesce(disabled_at, now())` : sql`NULL`}`]),
    ...(quotaBytes === undefined ? [] : [sql`quota_bytes = ${quotaBytes}::bigint`]),
    ...(quotaMinutes === undefined ? [] : [sql`quota_minutes = ${quotaMinutes}::int`]),
  ];
  if (assigned.length === 0) return shownUser(edge, userId);
  const allowed = takesAdmin ? sql`(role <> 'admin' OR ${anotherAdmin})` : sql`true`;
  const statement = sql`WITH ${lockAdmins}, changed AS (
      UPDATE users SET ${sql.join(assigned, sql`, `)} WHERE id = ${userId} AND deleted_at IS NULL AND ${allowed}
      RETURNING id, disabled_at
    ), ended AS (
      UPDATE sessions SET ended_at = now() FROM changed
      WHERE sessions.user_id = changed.id AND changed.disabled_at IS NOT NULL AND sessions.ended_at IS NULL
    ), ${audited(edge.audit, "changed", "account", { actions: actionsOf(change) })}
    SELECT id FROM changed`;
  const [changed] = await query(edge.db, statement, z.object({ id: z.string() }));
  if (!changed)
    throw problem((await isLastAdmin(edge.db, userId)) ? "account.last_admin" : "account.not_found");
  if (disabled) await endProcessing(edge, userId);
  return shownUser(edge, userId);
}

/** The account as administrators see it. Throws `account.not_found`. */
export async function shownUser({ db }: Edge, userId: string): Promise<AdminUser> {
  const user = isPlainId(userId) ? await readUser(db, userId) : undefined;
  if (!user) throw problem("account.not_found");
  return user;
}
