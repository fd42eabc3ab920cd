/**
 * A worker's proof that it may report on a task: the number of the newest attempt and its secret, of which
 * only the hash is stored.
 */
import { type SQL, sql } from "drizzle-orm";
import { hashOf } from "../keys/random.ts";

export type Proof = { taskId: string; attempt: number; leaseSecret: string };

/** Task ids come from a path. PostgreSQL raises an error for text that is no UUID; it is never a task id. */
export const isTaskId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/**
 * The condition, on `tasks`, that the proof is the newest attempt's. An expired lease that nobody has
 * overtaken still counts: the API may have been down, and nobody else has the work.
 */
export async function provenBy({ taskId, attempt, leaseSecret }: Proof): Promise<SQL> {
  return sql`(tasks.id = ${taskId}::uuid AND tasks.attempt = ${attempt}::int
    AND tasks.lease_hash = ${await hashOf(leaseSecret)})`;
}
