/** Removes a caption track: its row and its bytes at once, its object right after. */
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type Audit, audited } from "../audit/record.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { cte } from "../db/cte.ts";
import { json } from "../db/text.ts";
import { recorded } from "../events/record.ts";
import { storesMore, usesMore } from "../quota/counters.ts";
import { storageOf } from "../storage/s3.ts";

const goneRow = z.object({ videoId: z.string(), key: z.string() });

/**
 * Removes the track `captionId` of the one video that `condition` matches. Pass `audit` if a user requested
 * it. Returns false if there is no such track.
 */
export async function removeTrack(
  edge: Edge,
  condition: SQL,
  captionId: string,
  audit?: Audit,
): Promise<boolean> {
  const statement = sql`
    WITH target AS (
      SELECT videos.id, tracks.track FROM videos, jsonb_array_elements(videos.captions) AS tracks(track)
      WHERE ${condition} AND videos.status <> 'deleting' AND tracks.track ->> 'id' = ${captionId}
      FOR NO KEY UPDATE OF videos
    ), changed AS (
      UPDATE videos SET updated_at = now(), revision = revision + 1, ${storesMore(sql`-(target.track ->> 'size')::bigint`)},
        captions = coalesce((SELECT jsonb_agg(others.track ORDER BY place)
          FROM jsonb_array_elements(videos.captions) WITH ORDINALITY AS others(track, place)
          WHERE others.track ->> 'id' <> ${captionId}), '[]')
      FROM target WHERE videos.id = target.id AND videos.captions @> ${json([{ id: captionId }])}
      RETURNING videos.id, videos.owner_id, videos.seq, videos.revision, target.track,
        -(target.track ->> 'size')::bigint AS bytes
    ), ${recorded("video.updated", "changed")}, ${audited(audit, "changed", "video")},
    ${usesMore(cte("changed", "owner_id", "bytes"))}
    SELECT id AS "videoId", track ->> 'key' AS key FROM changed`;
  const [removed] = await query(edge.db, statement, goneRow);
  if (!removed) return false;
  edge.waitUntil(storageOf(edge.config).remove([removed.key]));
  return true;
}

const lostRow = z.object({ videoId: z.string(), captionId: z.string() });

/** Removes up to `max` rows whose object was never stored (the request was cut off). Returns how many. */
export async function removeUnfinished(edge: Edge, max: number): Promise<number> {
  const statement = sql`SELECT videos.id AS "videoId", tracks.track ->> 'id' AS "captionId"
    FROM videos, jsonb_array_elements(videos.captions) AS tracks(track)
    WHERE videos.captions @> '[{"etag": ""}]' AND videos.status <> 'deleting' AND tracks.track ->> 'etag' = ''
      AND (tracks.track ->> 'begunAt')::timestamptz < now() - interval '10 minutes' LIMIT ${max}::int`;
  const lost = await query(edge.db, statement, lostRow);
  for (const { videoId, captionId } of lost) await removeTrack(edge, sql`videos.id = ${videoId}`, captionId);
  return lost.length;
}
