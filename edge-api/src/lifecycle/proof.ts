/** A worker's proof that it may report on a task: the newest attempt's number and its secret, of which only the hash is kept. */
import { type SQL, sql } from "drizzle-orm";
import { base64url } from "jose";

export type Proof = { taskId: string; attempt: number; leaseSecret: string };

const hex = (buffer: ArrayBuffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** sha256 as hex. */
export async function hashOf(text: string): Promise<string> {
  return hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

/** A lease's secret: 128 random bits as base64url. */
export function newSecret(): string {
  return base64url.encode(crypto.getRandomValues(new Uint8Array(16)));
}

/** Task ids come from a path: what is no UUID would be an error in PostgreSQL, and cannot be a task. */
export const isTaskId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/**
 * The condition, on `tasks`, that the proof is the newest attempt's. A lease that ran out without being overtaken still
 * counts: the API may have been away, and nobody else has the work.
 */
export async function provenBy({ taskId, attempt, leaseSecret }: Proof): Promise<SQL> {
  return sql`(tasks.id = ${taskId}::uuid AND tasks.attempt = ${attempt}::int
    AND tasks.lease_hash = ${await hashOf(leaseSecret)})`;
}
