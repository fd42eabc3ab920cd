/** Retries of failed videos: processed again from their source, or fetched again where an import has none. */
import { IMPORT_HOURS } from "@storagex/contract/uploads/imports";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { audited } from "../audit/record.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { cte } from "../db/cte.ts";
import { recorded } from "../events/record.ts";
import { problem } from "../problem/problem.ts";
import { OPEN_UPLOADS, reopens } from "../quota/counters.ts";
import { storesPartsAsObjects } from "../storage/can-copy.ts";
import { discardParts } from "./discard-parts.ts";
import { hasSource } from "./needed.ts";
import { beginAnew } from "./transitions.ts";

/**
 * `failed → queued`, or `→ pending_upload` for an import. `scope` limits whose videos. Returns false if the video is
 * not failed, or its source is gone. Throws `upload.too_many_open`.
 */
export async function retryVideo(edge: Edge, scope: SQL, id: string): Promise<boolean> {
  const { retried, crowded } = await retryVideos(edge, sql`videos.id = ${id} AND ${scope}`);
  if (crowded.length > 0) throw problem("upload.too_many_open");
  return retried.length > 0;
}

/**
 * The same for all that `condition` matches. Returns the ids of those that are retried now, and of the imports whose
 * owners have as many open uploads as they may.
 */
export async function retryVideos(
  edge: Edge,
  condition: SQL,
): Promise<{ retried: string[]; crowded: string[] }> {
  const isStored = sql`videos.status = 'failed' AND ${hasSource} AND ${condition}`;
  const queued = await beginAnew(edge, isStored, sql`videos.profile`);
  const imports = await fetchAgain(edge, condition);
  const of = (isOpen: boolean) => imports.filter((each) => each.isOpen === isOpen).map(({ id }) => id);
  return { retried: [...queued, ...of(true)], crowded: of(false) };
}

/** That a failed video could be retried now. */
export const isRetriable: SQL = sql`(${hasSource} OR EXISTS (
    SELECT 1 FROM imports JOIN users ON users.id = videos.owner_id
    WHERE imports.video_id = videos.id AND imports.address_sealed IS NOT NULL AND users.open_tickets < ${OPEN_UPLOADS}::int))`;

/** Seconds that a removal of parts may take which began before a retry. */
const REMOVAL_SECONDS = 30;

const againRow = z.object({ id: z.string(), isOpen: z.boolean() });

/**
 * `failed → pending_upload`: the importer fetches the sources again of those imports that `condition` matches and
 * that have none, of each account as many as it may have open. Returns all that could be fetched, and which are.
 */
async function fetchAgain(edge: Edge, condition: SQL): Promise<z.infer<typeof againRow>[]> {
  const statement = sql`
    WITH failed AS (
      SELECT videos.id, videos.owner_id FROM videos JOIN imports ON imports.video_id = videos.id
      WHERE imports.address_sealed IS NOT NULL AND videos.status = 'failed' AND videos.origin = 'import'
        AND NOT ${hasSource} AND ${condition} FOR NO KEY UPDATE OF videos
    ), fitting AS (
      SELECT numbered.id, numbered.owner_id
      FROM (SELECT *, row_number() OVER (PARTITION BY owner_id ORDER BY id) AS number FROM failed) AS numbered
      JOIN users ON users.id = numbered.owner_id AND users.open_tickets + numbered.number <= ${OPEN_UPLOADS}::int
    ), ${reopens(cte("fitting", "owner_id"), OPEN_UPLOADS)}, moved AS (
      UPDATE videos SET status = 'pending_upload', size = 0, source_bytes = NULL, upload_id = NULL, failed_at = NULL, error_code = NULL,
        error_message = NULL, updated_at = now(), ticket_expires_at = now() + ${IMPORT_HOURS}::int * interval '1 hour'
      FROM fitting JOIN space ON space.id = fitting.owner_id WHERE videos.id = fitting.id
      RETURNING videos.id, videos.owner_id, videos.seq
    ), ${recorded("video.restarted", "moved")}, ${audited(edge.audit, "moved", "video")}, parts AS (
      INSERT INTO part_uploads (video_id) SELECT id FROM moved WHERE ${await storesPartsAsObjects(edge.config)}::boolean
      ON CONFLICT (video_id) DO UPDATE SET dropped_at = NULL, urls_until = NULL, seen_empty = 0 RETURNING video_id, swept_at
    ), due AS (
      UPDATE imports SET received = 0, furthest = 0, size = NULL, validator = NULL, failures = 0, lease = NULL,
        leased_until = '-infinity', due_at = greatest(now(), (SELECT swept_at FROM parts WHERE video_id = moved.id)
          + ${REMOVAL_SECONDS}::int * interval '1 second')
      FROM moved WHERE imports.video_id = moved.id
    )
    SELECT id, id IN (SELECT id FROM moved) AS "isOpen" FROM failed`;
  const failed = await query(edge.db, statement, againRow);
  for (const { id, isOpen } of failed)
    if (isOpen) await discardParts(edge, id, sql`videos.id = ${id} AND videos.status = 'pending_upload'`);
  return failed;
}
