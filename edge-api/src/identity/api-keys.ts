/** API keys: a person makes them, and programs call by them. Only their hashes are stored. */
import {
  API_KEY_PREFIX,
  type ApiKey,
  type ApiKeyRequest,
  apiKeySchema,
  MAX_API_KEYS,
  type MadeApiKey,
  scopeSchema,
} from "@storagex/contract/accounts/api-keys";
import { type SQL, sql } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { KeyCaller } from "../app-env.ts";
import { audited } from "../audit/record.ts";
import type { Config } from "../config.ts";
import type { Edge } from "../context.ts";
import { type Db, query } from "../db/connect.ts";
import { lockAccount, queryLocked } from "../db/lock.ts";
import { iso, isPlainId, json, oneLine } from "../db/text.ts";
import { hashOf, newId, newToken } from "../keys/random.ts";
import { problem } from "../problem/problem.ts";
import type { Account } from "./caller.ts";

/** Letters of the secret that are shown again. */
const HINT_LETTERS = 4;

const shown = (rest: SQL) => sql`SELECT id, name, hint, scopes, ${iso(sql`created_at`)} AS "createdAt",
    ${iso(sql`last_used_at`)} AS "lastUsedAt", ${iso(sql`expires_at`)} AS "expiresAt" ${rest}`;

/**
 * Makes a key; its secret is never shown again. Throws `auth.forbidden` for the scope `admin` of somebody who is
 * no administrator, `api_key.too_many`, `request.invalid` for a name with nothing to show.
 */
export async function createApiKey(
  edge: Edge,
  account: Pick<Account, "id" | "role">,
  { name, scopes, expiresIn }: ApiKeyRequest,
): Promise<MadeApiKey> {
  if (scopes.includes("admin") && account.role !== "admin") throw problem("auth.forbidden");
  const clean = oneLine(name);
  if (clean === "")
    throw problem("request.invalid", { errors: [{ path: "name", message: "holds nothing to show" }] });
  const secret = newToken(API_KEY_PREFIX);
  const hint = `…${secret.slice(-HINT_LETTERS)}`;
  const expires = expiresIn === undefined ? sql`NULL` : sql`now() + make_interval(secs => ${expiresIn}::int)`;
  const statement = sql`WITH made AS (
      INSERT INTO api_keys (id, user_id, name, secret_hash, hint, scopes, expires_at)
      SELECT ${newId()}, id, ${clean}, ${await hashOf(secret)}, ${hint}, ${json([...new Set(scopes)])}, ${expires} FROM users
      WHERE id = ${account.id} AND (SELECT count(*) FROM api_keys WHERE user_id = ${account.id}) < ${MAX_API_KEYS}::int RETURNING *
    ), ${audited(edge.audit, "made", "api_key")}
    ${shown(sql`FROM made`)}`;
  const [key] = await queryLocked(edge.db, lockAccount(account.id), statement, apiKeySchema);
  if (!key) throw problem("api_key.too_many");
  return { key, secret };
}

/** Newest first; those that have ended, too. */
export function listApiKeys({ db }: Edge, userId: string): Promise<ApiKey[]> {
  const own = sql`FROM api_keys WHERE user_id = ${userId} ORDER BY created_at DESC, id DESC`;
  return query(db, shown(own), apiKeySchema);
}

/** Throws `api_key.not_found`. */
export async function deleteApiKey(edge: Edge, userId: string, id: string): Promise<void> {
  if (!isPlainId(id)) throw problem("api_key.not_found");
  const statement = sql`WITH gone AS (
      DELETE FROM api_keys WHERE id = ${id} AND user_id = ${userId} RETURNING id
    ), ${audited(edge.audit, "gone", "api_key")}
    SELECT id FROM gone`;
  const gone = await query(edge.db, statement, z.object({ id: z.string() }));
  if (gone.length === 0) throw problem("api_key.not_found");
}

/** Keys that were read, by their secret: account and scopes of a key never change. */
const MAX_KNOWN = 10_000;
const known = new WeakMap<Config, LRUCache<string, KeyCaller>>();
const keyRow = z.object({ keyId: z.string(), userId: z.string(), scopes: z.array(scopeSchema) });

/** The account and scopes of a key; undefined for none of ours. Each call checks separately whether it is valid. */
export async function readApiKey(config: Config, db: Db, secret: string): Promise<KeyCaller | undefined> {
  const keys = known.get(config) ?? new LRUCache<string, KeyCaller>({ max: MAX_KNOWN });
  known.set(config, keys);
  const before = keys.get(secret);
  if (before) return before;
  const statement = sql`SELECT id AS "keyId", user_id AS "userId", scopes FROM api_keys WHERE secret_hash = ${await hashOf(secret)}`;
  const [read] = await query(db, statement, keyRow);
  if (read) keys.set(secret, read);
  return read;
}

/** Writes that the key was used now. */
export async function noteUse(db: Db, { keyId }: KeyCaller): Promise<void> {
  await db.execute(sql`UPDATE api_keys SET last_used_at = now() WHERE id = ${keyId}`);
}
