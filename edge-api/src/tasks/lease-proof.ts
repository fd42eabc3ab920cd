/**
 * A worker's proof that it may report on a task: the number of the newest attempt and its secret, of which
 * only the hash is stored.
 */
import { type SQL, sql } from "drizzle-orm";
import { base64url } from "jose";
import type { Config } from "../config.ts";
import { derivedKey } from "../keys/derived.ts";
import { hashOf } from "../keys/random.ts";

export type Proof = { taskId: string; attempt: number; leaseSecret: string };

/** Task ids come from a path. PostgreSQL raises an error for text that is no UUID; it is never a task id. */
export const isTaskId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/**
 * The lease's secret for the claim `claimId`: the same each time, so that the stored hash also tells whose claim a
 * lease is. By the first signing key: where that was replaced in the meantime, a lost claim is an interruption.
 */
export async function leaseSecretOf(config: Config, taskId: string, claimId: string): Promise<string> {
  const [key] = config.STORAGEX_SIGNING_KEYS.keys;
  if (!key) throw new Error("there is no signing key");
  const payload = new TextEncoder().encode(`${taskId} ${claimId}`);
  const mac = await crypto.subtle.sign("HMAC", await derivedKey(key, "lease"), payload);
  return base64url.encode(new Uint8Array(mac));
}

/**
 * The condition, on `tasks`, that the proof is the newest attempt's. An expired lease that nobody has
 * overtaken still counts: the API may have been down, and nobody else has the work.
 */
export async function provenBy({ taskId, attempt, leaseSecret }: Proof): Promise<SQL> {
  return sql`(tasks.id = ${taskId}::uuid AND tasks.attempt = ${attempt}::int
    AND tasks.lease_hash = ${await hashOf(leaseSecret)})`;
}
