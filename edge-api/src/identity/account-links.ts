/** One-time links by which a person sets a password: invitations and resets. Only hashes are stored. */
import type { AccountLink, AccountLinkKind } from "@storagex/contract/accounts/account";
import { ACCOUNT_LINK_KINDS } from "@storagex/contract/accounts/account";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { audited } from "../audit/record.ts";
import type { Edge } from "../context.ts";
import { type Db, query } from "../db/connect.ts";
import { searchTextOf } from "../db/lists/search-text.ts";
import { iso, oneLine } from "../db/text.ts";
import { hashOf, newSecret } from "../keys/random.ts";
import { problem } from "../problem/problem.ts";
import { type SignedIn, signIn } from "./accounts.ts";
import { ofAccount, ofOwnPassword } from "./attempts/attempt-limits.ts";
import { inTurn } from "./passwords/hash-turns.ts";
import { hashPassword } from "./passwords/passwords.ts";

/** Hours that a link can be used. */
const HOURS: Readonly<Record<AccountLinkKind, number>> = { invitation: 7 * 24, reset: 24 };
/** Prefixes that secret scanners can know. */
const PREFIX: Readonly<Record<AccountLinkKind, string>> = { invitation: "sxi_", reset: "sxr_" };
const PAGE: Readonly<Record<AccountLinkKind, string>> = { invitation: "join", reset: "reset" };

/** The secret of a new link, with the page that uses it. */
export async function newLink(
  edge: Pick<Edge, "config">,
  kind: AccountLinkKind,
): Promise<{ url: string; tokenHash: string }> {
  const token = PREFIX[kind] + newSecret();
  return { url: `${edge.config.publicOrigin}/${PAGE[kind]}/${token}`, tokenHash: await hashOf(token) };
}

/** The CTE `link`, which stores the hash for the account in the CTE `of` (id). It returns `expires_at`. */
export const storeLink = (of: string, kind: AccountLinkKind, tokenHash: string): SQL => sql`link AS (
    INSERT INTO account_links (token_hash, user_id, kind, expires_at)
    SELECT ${tokenHash}, id, ${kind}::text, now() + ${HOURS[kind]}::int * interval '1 hour' FROM ${sql.raw(of)}
    RETURNING expires_at
  )`;

const stands = (tokenHash: string): SQL =>
  sql`link.token_hash = ${tokenHash} AND link.used_at IS NULL AND link.expires_at > now() AND users.deleted_at IS NULL`;

const linkRow = z.object({
  kind: z.enum(ACCOUNT_LINK_KINDS),
  email: z.string(),
  name: z.string().nullable(),
  expiresAt: z.string(),
  disabled: z.boolean(),
});

/** Whose password the link sets. Throws `account.link_invalid`, `account.disabled`. */
export async function readLink(db: Db, token: string): Promise<AccountLink> {
  const statement = sql`SELECT link.kind, email, name, ${iso(sql`link.expires_at`)} AS "expiresAt",
      users.disabled_at IS NOT NULL AS disabled
    FROM account_links AS link JOIN users ON users.id = link.user_id WHERE ${stands(await hashOf(token))}`;
  const [found] = await query(db, statement, linkRow);
  if (!found) throw problem("account.link_invalid");
  if (found.disabled) throw problem("account.disabled");
  const { disabled: _, ...link } = found;
  return link;
}

/**
 * Sets the password, ends every other session, clears the counts of attempts and signs in. Of two that use a
 * link at once, one does. Throws `account.link_invalid`, `account.disabled`.
 */
export async function useLink(
  { db, audit }: Pick<Edge, "db" | "audit">,
  { token, password, name }: { token: string; password: string; name?: string | undefined },
): Promise<SignedIn> {
  const link = await readLink(db, token);
  const passwordHash = await inTurn(() => hashPassword(password));
  const shown = name === undefined ? link.name : oneLine(name) || link.name;
  const searchText = searchTextOf([link.email, shown ?? ""]);
  const { subject } = await ofAccount(link.email);
  const taken = sql`taken AS (
      UPDATE account_links AS link SET used_at = now() FROM users
      WHERE users.id = link.user_id AND users.disabled_at IS NULL AND ${stands(await hashOf(token))}
      RETURNING link.user_id
    ), ended AS (
      UPDATE sessions SET ended_at = now() FROM taken WHERE sessions.user_id = taken.user_id AND ended_at IS NULL
    ), forgotten AS (
      DELETE FROM attempts WHERE subject IN (SELECT unnest(ARRAY[${subject}::text, ${ofOwnPassword("").subject}::text || user_id]) FROM taken)
    )`;
  const account = sql`UPDATE users SET password_hash = ${passwordHash}, name = ${shown}, search_text = ${searchText}
    FROM taken WHERE users.id = taken.user_id RETURNING users.id, email, name, role`;
  const actions = link.kind === "reset" ? (["password.reset"] as const) : (["account.joined"] as const);
  const signedIn = await signIn(db, account, [taken], [audited(audit, "account", "account", { actions })]);
  if (!signedIn) throw problem("account.link_invalid");
  return signedIn;
}
