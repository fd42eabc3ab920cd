/** Retries of failed videos: processed again from their source, or fetched again where an import has none. */
import { IMPORT_HOURS } from "@storagex/contract/uploads/imports";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { audited } from "../audit/record.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { recorded } from "../events/record.ts";
import { storesPartsAsObjects } from "../storage/can-copy.ts";
import { discardParts } from "./discard-parts.ts";
import { hasSource } from "./needed.ts";
import { beginAnew } from "./transitions.ts";

/**
 * `failed → queued`, or `→ pending_upload` for an import. `scope` limits whose videos. Returns false if the video is
 * not failed, or its source is gone.
 */
export const retryVideo = async (edge: Edge, scope: SQL, id: string): Promise<boolean> =>
  (await retryVideos(edge, sql`videos.id = ${id} AND ${scope}`)).length > 0;

/** The same for all that `condition` matches. Returns the ids of those that are retried now. */
export async function retryVideos(edge: Edge, condition: SQL): Promise<string[]> {
  const isStored = sql`videos.status = 'failed' AND ${hasSource} AND ${condition}`;
  const queued = await beginAnew(edge, isStored, sql`videos.profile`);
  return [...queued, ...(await fetchAgain(edge, condition))];
}

/** Seconds that a removal of parts may take which began before a retry. */
const REMOVAL_SECONDS = 30;

const idRow = z.object({ id: z.string() });

/**
 * `failed → pending_upload`: the importer fetches the sources again of those imports that `condition` matches and
 * that have none. Returns their ids.
 */
async function fetchAgain(edge: Edge, condition: SQL): Promise<string[]> {
  const statement = sql`
    WITH moved AS (
      UPDATE videos SET status = 'pending_upload', size = 0, source_bytes = NULL, upload_id = NULL, failed_at = NULL, error_code = NULL,
        error_message = NULL, updated_at = now(), ticket_expires_at = now() + ${IMPORT_HOURS}::int * interval '1 hour'
      FROM imports WHERE imports.video_id = videos.id AND imports.address_sealed IS NOT NULL
        AND videos.status = 'failed' AND videos.origin = 'import' AND NOT ${hasSource} AND ${condition}
      RETURNING videos.id, videos.owner_id, videos.seq
    ), ${recorded("video.restarted", "moved")}, ${audited(edge.audit, "moved", "video")}, counted AS (
      UPDATE users SET open_tickets = open_tickets + more.tickets
      FROM (SELECT owner_id, count(*) AS tickets FROM moved GROUP BY owner_id) AS more WHERE users.id = more.owner_id
    ), parts AS (
      INSERT INTO part_uploads (video_id) SELECT id FROM moved WHERE ${await storesPartsAsObjects(edge.config)}::boolean
      ON CONFLICT (video_id) DO UPDATE SET dropped_at = NULL, urls_until = NULL, seen_empty = 0 RETURNING video_id, swept_at
    ), due AS (
      UPDATE imports SET received = 0, furthest = 0, size = NULL, validator = NULL, failures = 0, lease = NULL,
        leased_until = '-infinity', due_at = greatest(now(), (SELECT swept_at FROM parts WHERE video_id = moved.id)
          + ${REMOVAL_SECONDS}::int * interval '1 second')
      FROM moved WHERE imports.video_id = moved.id
    )
    SELECT id FROM moved`;
  const moved = await query(edge.db, statement, idRow);
  for (const { id } of moved)
    await discardParts(edge, id, sql`videos.id = ${id} AND videos.status = 'pending_upload'`);
  return moved.map(({ id }) => id);
}
