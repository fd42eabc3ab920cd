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

/**
 * The CTE `wanted` that locks the task's video, in its newest state, before anything else is locked: one order for all
 * moves, so that no two of them wait for each other. No row where the video does not want work any more.
 */
export const lockVideoOf = (taskId: string): SQL => sql`wanted AS (
      SELECT videos.id, videos.generation FROM videos
      WHERE videos.id = (SELECT video_id FROM tasks WHERE id = ${taskId}::uuid)
        AND videos.status IN ('queued', 'processing')
      FOR NO KEY UPDATE
    )`;

/** The condition, on `tasks` beside `wanted`, that the task belongs to the video's present generation. */
export const ofWanted: SQL = sql`(tasks.video_id = wanted.id AND tasks.generation = wanted.generation)`;

/** For reading only: the condition, on `tasks` and `videos`, that the video still wants this generation's work. */
export const stillWanted: SQL = sql`(videos.id = tasks.video_id AND videos.generation = tasks.generation
  AND videos.status IN ('queued', 'processing'))`;
