/** Verifies and changes one's own password. Acts too risky for a forgotten open session ask for it again. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Caller } from "../../app-env.ts";
import { audited } from "../../audit/record.ts";
import type { Edge } from "../../context.ts";
import { type Db, query } from "../../db/connect.ts";
import { problem } from "../../problem/problem.ts";
import { ofOwnPassword } from "../attempts/attempt-limits.ts";
import { countAttempt } from "../attempts/attempts.ts";
import { inTurn } from "./hash-turns.ts";
import { hashPassword, isPassword } from "./passwords.ts";

const knownRow = z.object({ email: z.string(), passwordHash: z.string() });

/** `attempts` is the counter to clear when the act is done. */
type Proven = { email: string; passwordHash: string; attempts: string };

/**
 * Verifies that the caller knows the account's password, and counts the attempts. Guard the following
 * statement by `passwordHash`: the password may change meanwhile. Throws `auth.token_invalid`,
 * `auth.too_many_attempts`, `account.wrong_password`.
 */
export async function proveOwnPassword(db: Db, userId: string, password: string): Promise<Proven> {
  const [known] = await query(
    db,
    sql`SELECT email, password_hash AS "passwordHash" FROM users WHERE id = ${userId} AND deleted_at IS NULL`,
    knownRow,
  );
  if (!known) throw problem("auth.token_invalid");
  const attempts = ofOwnPassword(userId);
  await countAttempt(db, [attempts]);
  if (!(await inTurn(() => isPassword(password, known.passwordHash))))
    throw problem("account.wrong_password");
  return { ...known, attempts: attempts.subject };
}

/**
 * Changes the password and ends every other session. Two statements in one transaction: the second sees the
 * sign-ins that succeeded before the first locked the account; later ones find the new hash. Throws as
 * `proveOwnPassword` does.
 */
export async function changeOwnPassword(
  { db, audit }: Pick<Edge, "db" | "audit">,
  { userId, sessionId }: Caller,
  { currentPassword, newPassword }: { currentPassword: string; newPassword: string },
): Promise<void> {
  const { passwordHash, attempts } = await proveOwnPassword(db, userId, currentPassword);
  const newHash = await inTurn(() => hashPassword(newPassword));
  const [changed] = await db.batch([
    db.execute(sql`WITH changed AS (
        UPDATE users SET password_hash = ${newHash} WHERE id = ${userId} AND password_hash = ${passwordHash} RETURNING id
      ), ${audited(audit, "changed", "account")}
      SELECT id FROM changed`),
    db.execute(sql`UPDATE sessions SET ended_at = now()
      WHERE user_id = ${userId} AND id <> ${sessionId} AND ended_at IS NULL
        AND EXISTS (SELECT 1 FROM users WHERE id = ${userId} AND password_hash = ${newHash})`),
    db.execute(sql`DELETE FROM attempts WHERE subject = ${attempts}`),
  ]);
  if (changed.rowCount !== 1) throw problem("account.wrong_password");
}
