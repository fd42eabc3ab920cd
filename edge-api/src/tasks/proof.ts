/** A worker's proof that it may report on a task: the newest attempt's number and its secret, of which only the hash is kept. */
import { type SQL, sql } from "drizzle-orm";
import { hashOf } from "../keys/random.ts";

export type Proof = { taskId: string; attempt: number; leaseSecret: string };

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
