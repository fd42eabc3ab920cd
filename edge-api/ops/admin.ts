/**
 * One-shot command for operators: creates the first administrator (`first-admin`) or resets a password
 * (`reset-password EMAIL`).
 */
import { emailSchema } from "@storagex/contract/accounts/account";
import pg from "pg";
import { ofAccount } from "../src/identity/attempts/attempt-limits.ts";
import { hashPassword } from "../src/identity/passwords/passwords.ts";
import { newId } from "../src/keys/random.ts";
import { readConfig } from "./config.ts";
import { auditedFor, firstAdmin } from "./first-admin.ts";

const USAGE = "usage: admin first-admin | reset-password EMAIL";

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
  const { DATABASE_URL, ...settings } = readConfig();
  const client = new pg.Client({ connectionString: DATABASE_URL });
  await client.connect();
  try {
    if (command === "first-admin") return await firstAdmin(client, settings);
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
