/**
 * One-shot command for operators: creates the first administrator (`first-admin`) or resets a password
 * (`reset-password EMAIL`).
 */
import { emailSchema } from "@storagex/contract/account";
import type { AuditAction } from "@storagex/contract/audit";
import pg from "pg";
import { ofAccount } from "../src/identity/attempt-limits.ts";
import { hashPassword } from "../src/identity/passwords.ts";
import { hashOf, newId, newSecret } from "../src/keys/random.ts";
import { readConfig } from "./config.ts";

const USAGE = "usage: admin first-admin | reset-password EMAIL";

type Admin = { email: string; password: string };

/**
 * Creates the administrator named in the settings if there is none. Without such settings it prints a
 * one-time link, valid for an hour, for creating one; the link is absolute if `publicUrl` is known. Earlier
 * links stop working.
 */
async function firstAdmin(client: pg.Client, admin: Admin | undefined, publicUrl = ""): Promise<string> {
  const { rowCount } = await client.query("SELECT 1 FROM users WHERE role = 'admin' LIMIT 1");
  if (rowCount) return "there is an administrator";
  await client.query("DELETE FROM setup_tokens WHERE used_at IS NULL");
  if (admin) return makeAdmin(client, admin);
  const token = newSecret();
  await client.query(
    "INSERT INTO setup_tokens (token_hash, expires_at) VALUES ($1, now() + interval '1 hour')",
    [await hashOf(token)],
  );
  return `setup: ${publicUrl}/setup?token=${token}`;
}

/** The CTE that writes the operator's act on the account in the CTE `of` (id) to the audit table. */
const auditedFor = (action: AuditAction, of: "admin" | "account"): string =>
  `audited AS (INSERT INTO audit (actor_kind, action, target_kind, target_id)
     SELECT 'operator', '${action}', 'account', id FROM ${of})`;

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

/**
 * Sets a new random password, ends all sessions of the account and clears its attempt counts. Throws if the
 * account does not exist.
 */
async function resetPassword(client: pg.Client, text: string): Promise<string> {
  const email = emailSchema.parse(text);
  const password = newId();
  const { rows } = await client.query(
    `WITH account AS (UPDATE users SET password_hash = $2 WHERE email = $1 RETURNING id),
       ended AS (UPDATE sessions SET ended_at = now()
         WHERE ended_at IS NULL AND user_id IN (SELECT id FROM account)),
       forgotten AS (DELETE FROM attempts
         WHERE subject = $3 OR subject IN (SELECT 'own:' || id FROM account)),
       ${auditedFor("password.reset", "account")}
     SELECT id FROM account`,
    [email, await hashPassword(password), (await ofAccount(email)).subject],
  );
  if (rows.length === 0) throw new Error(`there is no account ${email}`);
  return `The new password of ${email}: ${password}\nAll its sessions are ended.`;
}

async function run([command, email]: readonly string[]): Promise<string> {
  const { DATABASE_URL, STORAGEX_PUBLIC_URL, STORAGEX_ADMIN_EMAIL, STORAGEX_ADMIN_PASSWORD } = readConfig();
  const client = new pg.Client({ connectionString: DATABASE_URL });
  await client.connect();
  try {
    if (command === "first-admin") {
      const named = STORAGEX_ADMIN_EMAIL !== undefined && STORAGEX_ADMIN_PASSWORD !== undefined;
      return await firstAdmin(
        client,
        named ? { email: STORAGEX_ADMIN_EMAIL, password: STORAGEX_ADMIN_PASSWORD } : undefined,
        STORAGEX_PUBLIC_URL,
      );
    }
    if (command === "reset-password" && email) return await resetPassword(client, email);
    throw new Error(USAGE);
  } finally {
    await client.end();
  }
}

try {
  process.stdout.write(`${await run(process.argv.slice(2))}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
