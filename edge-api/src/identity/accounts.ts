/** Accounts: register, sign in, and create the first administrator. Each act is one guarded statement. */
import type { User } from "@storagex/contract/accounts/account";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { audited } from "../audit/record.ts";
import type { Edge } from "../context.ts";
import { type Db, query } from "../db/connect.ts";
import { isConflict } from "../db/failure.ts";
import { searchTextOf } from "../db/lists/search-text.ts";
import { oneLine, storable } from "../db/text.ts";
import { hashOf, newId } from "../keys/random.ts";
import { problem } from "../problem/problem.ts";
import { inTurn } from "./passwords/hash-turns.ts";
import { hashPassword, isPassword } from "./passwords/passwords.ts";
import { type Opened, openFrom } from "./sessions/sessions.ts";

type NewAccount = { email: string; password: string; name?: string | undefined };
export type SignedIn = Opened & { user: User };

const userRow = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string().nullable(),
  role: z.enum(["user", "admin"]),
});

/**
 * Creates a user and signs in. Throws `account.email_taken`, `request.invalid` (nothing visible in the name).
 */
export async function register(
  { db, audit }: Pick<Edge, "db" | "audit">,
  account: NewAccount,
): Promise<SignedIn> {
  const name = nameOf(account);
  const passwordHash = await inTurn(() => hashPassword(account.password));
  const made = sql`INSERT INTO users (id, email, name, search_text, password_hash)
    VALUES (${newId()}, ${account.email}, ${name}, ${searchTextOf([account.email, name ?? ""])}, ${passwordHash})
    ON CONFLICT (email) DO NOTHING
    RETURNING id, email, name, role`;
  const signedIn = await signIn(db, made, [], [audited(audit, "account", "account")]);
  if (!signedIn) throw problem("account.email_taken");
  return signedIn;
}

/**
 * Signs in. An unknown user and a wrong password get the same response in the same time. Throws
 * `auth.wrong_credentials`, `account.disabled`. `clears` is the counter of attempts that ends with it.
 */
export async function logIn(
  { db, audit }: Pick<Edge, "db" | "audit">,
  { email, password, clears }: { email: string; password: string; clears: string },
): Promise<SignedIn> {
  const [known] = await query(
    db,
    sql`SELECT id, password_hash AS "passwordHash", disabled_at IS NOT NULL AS "isDisabled" FROM users
      WHERE email = ${storable(email)}`,
    z.object({ id: z.string(), passwordHash: z.string(), isDisabled: z.boolean() }),
  );
  const isRight = await inTurn(() => isPassword(password, known?.passwordHash));
  if (!isRight || !known) throw problem("auth.wrong_credentials");
  // Only to somebody who knows the password: to others the account's state is as unknown as the account.
  if (known.isDisabled) throw problem("account.disabled");
  // Guarded by the hash: a password that was changed meanwhile does not sign in. Locked, so that a concurrent
  // password change either sees the session and ends it, or is seen here.
  const proven = sql`SELECT id, email, name, role FROM users
    WHERE id = ${known.id} AND password_hash = ${known.passwordHash} AND disabled_at IS NULL FOR SHARE`;
  const cleared = sql`cleared AS (DELETE FROM attempts WHERE subject = ${clears})`;
  const signedIn = await signIn(db, proven, [cleared], [audited(audit, "session", "session")]);
  if (!signedIn) throw problem("auth.wrong_credentials");
  return signedIn;
}

/** Creates the first administrator by one-time link. Throws `setup.token_invalid`, `account.email_taken`. */
export async function setUp(
  { db, audit }: Pick<Edge, "db" | "audit">,
  token: string,
  account: NewAccount,
): Promise<SignedIn> {
  const tokenHash = await hashOf(token);
  const usable = sql`token_hash = ${tokenHash} AND used_at IS NULL AND expires_at > now()
    AND NOT EXISTS (SELECT 1 FROM users WHERE role = 'admin')`;
  const [there] = await query(
    db,
    sql`SELECT 1 AS there FROM setup_tokens WHERE ${usable}`,
    z.object({ there: z.number() }),
  );
  if (!there) throw problem("setup.token_invalid");
  const passwordHash = await inTurn(() => hashPassword(account.password));
  const name = nameOf(account);
  const made = sql`INSERT INTO users (id, email, name, search_text, password_hash, role, bootstrap)
    SELECT ${newId()}, ${account.email}, ${name}::text, ${searchTextOf([account.email, name ?? ""])}, ${passwordHash}, 'admin', true
    FROM taken
    RETURNING id, email, name, role`;
  const taken = sql`taken AS (UPDATE setup_tokens SET used_at = now() WHERE ${usable} RETURNING token_hash)`;
  try {
    const signedIn = await signIn(db, made, [taken], [audited(audit, "account", "account")]);
    if (signedIn) return signedIn;
  } catch (error) {
    // The whole statement is rolled back: the link stays valid for another address.
    if (isConflict(error, "users_email")) throw problem("account.email_taken");
    if (!isConflict(error, "users_bootstrap")) throw error;
  }
  throw problem("setup.token_invalid");
}

/**
 * One statement: the CTE `account` returns the user (or no row), and a session is opened for it. Further CTEs
 * run before and after it.
 */
export async function signIn(
  db: Db,
  account: SQL,
  before: SQL[] = [],
  after: SQL[] = [],
): Promise<SignedIn | undefined> {
  const { opened, openings } = await openFrom(sql.raw("account"));
  const all = sql.join([...before, sql`account AS (${account})`, openings, ...after], sql`, `);
  const [user] = await query(db, sql`WITH ${all} SELECT id, email, name, role FROM account`, userRow);
  return user && { ...opened, user };
}

function nameOf({ name }: NewAccount): string | null {
  if (name === undefined) return null;
  const shown = oneLine(name);
  if (shown === "")
    throw problem("request.invalid", { errors: [{ path: "name", message: "holds nothing to show" }] });
  return shown;
}
