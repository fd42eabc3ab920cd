/** The first administrator: created from the settings, or by a one-time link. */
import type { AuditAction } from "@storagex/contract/accounts/audit";
import type pg from "pg";
import { hashPassword } from "../src/identity/passwords/passwords.ts";
import { hashOf, newId, newSecret } from "../src/keys/random.ts";
import type { readConfig } from "./config.ts";

type Admin = { email: string; password: string };

/**
 * Creates the administrator named in the settings if there is none. Without such settings it prints a
 * one-time link, valid for an hour, for creating one; the link is absolute if the public URL is known. Earlier
 * links stop working.
 */
export async function firstAdmin(
  client: pg.Client,
  {
    STORAGEX_PUBLIC_URL: publicUrl = "",
    STORAGEX_ADMIN_EMAIL: email,
    STORAGEX_ADMIN_PASSWORD: password,
  }: Omit<ReturnType<typeof readConfig>, "DATABASE_URL">,
): Promise<string> {
  const { rowCount } = await client.query("SELECT 1 FROM users WHERE role = 'admin' LIMIT 1");
  if (rowCount) return "there is an administrator";
  await client.query("DELETE FROM setup_tokens WHERE used_at IS NULL");
  if (email !== undefined && password !== undefined) return makeAdmin(client, { email, password });
  const token = newSecret();
  await client.query(
    "INSERT INTO setup_tokens (token_hash, expires_at) VALUES ($1, now() + interval '1 hour')",
    [await hashOf(token)],
  );
  return `setup: ${publicUrl}/setup?token=${token}`;
}

/** The CTE that writes the operator's act on the account in the CTE `of` (id) to the audit table. */
export const auditedFor = (action: AuditAction, of: "admin" | "account"): string =>
  `audited AS (INSERT INTO audit (actor_kind, action, target_kind, target_id, owner_id)
     SELECT 'operator', '${action}', 'account', id, id FROM ${of})`;

/** An existing account with this address becomes the administrator's, and its sessions end. */
async function makeAdmin(client: pg.Client, { email, password }: Admin): Promise<string> {
  await client.query(
    `WITH admin AS (
       INSERT INTO users (id, email, password_hash, role, bootstrap) VALUES ($1, $2, $3, 'admin', true)
       ON CONFLICT (email) DO UPDATE SET password_hash = excluded.password_hash, role = 'admin', bootstrap = true
       RETURNING id
     ), ${auditedFor("admin.created", "admin")}
     UPDATE sessions SET ended_at = now() WHERE ended_at IS NULL AND user_id IN (SELECT id FROM admin)`,
    [newId(), email, await hashPassword(password)],
  );
  return `administrator: ${email}`;
}
