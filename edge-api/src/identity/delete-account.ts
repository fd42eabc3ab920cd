/**
 * Deletes an account: it is erased and its sessions end at once, its videos are deleted like any others, and
 * its row goes last.
 */
import type { ProblemCode } from "@storagex/contract/problem";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { audited } from "../audit/record.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { isPlainId } from "../db/text.ts";
import { tombstoneOwned } from "../lifecycle/delete.ts";
import { problem } from "../problem/problem.ts";
import { anotherAdmin, isLastAdmin, lockAdmins } from "./active.ts";
import { ofAccount } from "./attempts/attempt-limits.ts";
import { proveOwnPassword } from "./passwords/own-password.ts";

const idRow = z.object({ id: z.string() });

/**
 * Deletes the caller's own account. Throws `auth.token_invalid`, `auth.too_many_attempts`,
 * `account.wrong_password`, `account.last_admin`.
 */
export async function deleteOwnAccount(edge: Edge, userId: string, password: string): Promise<void> {
  const { passwordHash, email } = await proveOwnPassword(edge.db, userId, password);
  // Guarded by the hash: if the password was reset meanwhile, the one sent is wrong and nothing is deleted.
  await endAccount(edge, userId, sql`password_hash = ${passwordHash}`, "account.wrong_password");
  // Whoever registers this address next starts with no attempts counted.
  const { subject } = await ofAccount(email);
  await edge.db.execute(sql`DELETE FROM attempts WHERE subject = ${subject}`);
}

/** Deletes another user's account for an admin. Throws `account.own`, `account.not_found`, `account.last_admin`. */
export async function deleteUser(edge: Edge, adminId: string, userId: string): Promise<void> {
  if (userId === adminId) throw problem("account.own");
  if (!isPlainId(userId)) throw problem("account.not_found");
  await endAccount(edge, userId, sql`true`, "account.not_found");
}

/**
 * Two admins may delete each other at once: `lockAdmins` lets one of them win. The videos are deleted by separate statements,
 * because each locks the video before its owner's account. If the process dies in between, the sweep
 * continues.
 */
async function endAccount(edge: Edge, userId: string, condition: SQL, otherwise: ProblemCode): Promise<void> {
  const [gone] = await query(
    edge.db,
    sql`WITH ${lockAdmins}, gone AS (
        UPDATE users SET deleted_at = now(), email = 'deleted:' || id, name = NULL, search_text = '', password_hash = '', role = 'user',
          bootstrap = false
        WHERE id = ${userId} AND deleted_at IS NULL AND ${condition}
          AND (role <> 'admin' OR ${anotherAdmin})
        RETURNING id
      ), ended AS (
        UPDATE sessions SET ended_at = coalesce(ended_at, now()) FROM gone WHERE sessions.user_id = gone.id
      ), no_keys AS (
        DELETE FROM api_keys USING gone WHERE api_keys.user_id = gone.id
      ), no_webhooks AS (
        DELETE FROM webhooks USING gone WHERE webhooks.owner_id = gone.id
      ), no_links AS (
        DELETE FROM upload_links USING gone WHERE upload_links.owner_id = gone.id
      ), ${audited(edge.audit, "gone", "account")}
      SELECT id FROM gone`,
    idRow,
  );
  if (!gone) throw await refusal(edge, userId, otherwise);
  await tombstoneOwned(edge, userId);
}

/** Why no account was deleted: it is the last administrator's, or `otherwise`. */
async function refusal({ db }: Edge, userId: string, otherwise: ProblemCode): Promise<Error> {
  return problem((await isLastAdmin(db, userId)) ? "account.last_admin" : otherwise);
}

/** Rows of accounts per run; each takes its sessions and days of usage along. */
const ROWS = 100;

/** Deletes the remains of up to `max` deleted accounts; for the sweep. Returns how many videos and rows. */
export async function sweepAccounts(edge: Edge, max: number): Promise<number> {
  const statement = sql`SELECT id FROM users WHERE deleted_at IS NOT NULL AND EXISTS (
      SELECT 1 FROM videos WHERE videos.owner_id = users.id AND videos.status <> 'deleting') LIMIT ${max}::int`;
  let taken = 0;
  for (const { id } of await query(edge.db, statement, idRow)) taken += await tombstoneOwned(edge, id);
  const { rowCount } = await edge.db.execute(sql`DELETE FROM users WHERE id IN (SELECT id FROM users
    WHERE deleted_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM videos WHERE videos.owner_id = users.id)
    ORDER BY deleted_at LIMIT ${ROWS}::int)`);
  return taken + (rowCount ?? 0);
}
