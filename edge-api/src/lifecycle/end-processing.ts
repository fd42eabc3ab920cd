/** Ends the processing of a disabled account's videos; they can be retried once it is enabled again. */
import { reasonOf } from "@storagex/contract/media/failure";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { recorded } from "../events/record.ts";
import { waitsForUpload } from "./needed.ts";

/** Videos per statement, which locks them; the sweep ends the rest. */
const BATCH = 100;
const ROUNDS = 20;
const CODE = "account.disabled";
/** The condition on `videos` that tasks of an open upload are on their way. */
const isUploading = sql`(videos.status = 'pending_upload' AND videos.generation > 0 AND EXISTS (SELECT 1 FROM tasks
      WHERE tasks.video_id = videos.id AND tasks.generation = videos.generation AND tasks.state IN ('queued', 'running')))`;

const idRow = z.object({ id: z.string() });

/**
 * `queued`, `processing` → `failed` for all of the owner's videos. Their tasks are cancelled: workers learn it
 * from their next report. Uploads that are processed meanwhile stay as they are, and their tasks wait for
 * `complete`. Returns how many videos ended.
 */
export async function endProcessing(edge: Edge, ownerId: string): Promise<number> {
  await edge.db.execute(sql`
    WITH uploading AS (
      SELECT id, generation FROM videos WHERE owner_id = ${ownerId} AND ${isUploading} FOR NO KEY UPDATE
    )
    UPDATE tasks SET ${waitsForUpload} FROM uploading
    WHERE tasks.video_id = uploading.id AND tasks.generation = uploading.generation AND tasks.state IN ('queued', 'running')`);
  let ended = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const found = await endSome(edge, ownerId);
    ended += found;
    if (found < BATCH) break;
  }
  return ended;
}

async function endSome({ db }: Edge, ownerId: string): Promise<number> {
  const statement = sql`
    WITH closed AS (
      UPDATE videos SET status = 'failed', failed_at = now(), error_code = ${CODE}, error_message = ${reasonOf(CODE)}, updated_at = now()
      WHERE id IN (SELECT id FROM videos WHERE owner_id = ${ownerId} AND status IN ('queued', 'processing')
        ORDER BY id LIMIT ${BATCH}::int FOR UPDATE)
      RETURNING id, owner_id, generation, seq
    ), ${recorded("video.failed", "closed")}, ended AS (
      UPDATE tasks SET state = 'cancelled', finished_at = now(), lease_until = NULL FROM closed
      WHERE tasks.video_id = closed.id AND tasks.generation = closed.generation
        AND tasks.state IN ('waiting', 'queued', 'running')
    )
    SELECT id FROM closed`;
  return (await query(db, statement, idRow)).length;
}

/**
 * For the sweep: an upload may be completed by a request that was let in before its account was disabled.
 * Returns how many videos it ended.
 */
export async function endDisabled(edge: Edge, max: number): Promise<number> {
  const statement = sql`SELECT id FROM users WHERE disabled_at IS NOT NULL AND EXISTS (
      SELECT 1 FROM videos WHERE videos.owner_id = users.id AND (videos.status IN ('queued', 'processing') OR ${isUploading}))
    LIMIT ${max}::int`;
  let ended = 0;
  for (const { id } of await query(edge.db, statement, idRow)) ended += await endProcessing(edge, id);
  return ended;
}
