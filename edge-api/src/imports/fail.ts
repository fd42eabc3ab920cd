/** Imports that fail: what was reserved is given back, and what is stored removed. */
import { sourceKey } from "@storagex/contract/keys";
import { type MediaFailureCode, reasonOf } from "@storagex/contract/media/failure";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { cte } from "../db/cte.ts";
import { recorded } from "../events/record.ts";
import { dropsParts } from "../lifecycle/source.ts";
import { givesBack } from "../quota/counters.ts";
import { storageOf } from "../storage/s3.ts";
import { deliverSoon } from "../webhooks/hand-over.ts";

const failedRow = z.object({ id: z.string(), ownerId: z.string(), uploadId: z.string().nullable() });

/**
 * The import that `condition` on `videos` matches becomes `failed`: what was reserved is given back, and what is
 * stored removed. Its address stays, for a retry.
 */
export async function failImport(edge: Edge, condition: SQL, code: MediaFailureCode): Promise<void> {
  const statement = sql`
    WITH closed AS (
      UPDATE videos SET status = 'failed', failed_at = now(), error_code = ${code}, error_message = ${reasonOf(code)}, updated_at = now(),
        ticket_expires_at = NULL, source_bytes = 0
      WHERE videos.status = 'pending_upload' AND videos.origin = 'import' AND ${condition}
      RETURNING id, owner_id, generation, seq, size, upload_id, 0::bigint AS stored_bytes, 0::bigint AS source_bytes, true AS was_ticket
    ), ${recorded("video.failed", "closed")}, ${givesBack(cte("closed", "owner_id", "stored_bytes", "source_bytes", "size", "was_ticket"))},
    ${dropsParts(sql`closed`)}, ended AS (
      UPDATE tasks SET state = 'cancelled', finished_at = now(), lease_until = NULL FROM closed
      WHERE tasks.video_id = closed.id AND tasks.generation = closed.generation AND tasks.state IN ('waiting', 'queued', 'running')
    ), released AS (
      UPDATE imports SET lease = NULL, leased_until = '-infinity' FROM closed WHERE imports.video_id = closed.id
    )
    SELECT id, owner_id AS "ownerId", upload_id AS "uploadId" FROM closed`;
  const failed = await query(edge.db, statement, failedRow);
  for (const { id, ownerId, uploadId } of failed)
    if (uploadId !== null)
      edge.waitUntil(storageOf(edge.config).abortUpload(sourceKey(ownerId, id), uploadId));
  // Of the importer's calls those by which an import fails are not told from the others.
  if (failed.length > 0) deliverSoon(edge);
}

/** Ends up to `max` imports that did not come in time; for the sweep. Returns how many. */
export async function endOverdue(edge: Edge, max: number): Promise<number> {
  const isOverdue = sql`videos.status = 'pending_upload' AND videos.origin = 'import' AND videos.ticket_expires_at < now()`;
  const statement = sql`SELECT id FROM videos WHERE ${isOverdue} ORDER BY ticket_expires_at LIMIT ${max}::int`;
  const overdue = await query(edge.db, statement, z.object({ id: z.string() }));
  for (const { id } of overdue)
    await failImport(edge, sql`videos.id = ${id} AND ${isOverdue}`, "import.interrupted");
  return overdue.length;
}
