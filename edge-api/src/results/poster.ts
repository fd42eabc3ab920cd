/** Records a poster that its owner asked for: the video shows it from now on, and it is the last of its posters. */
import { posterImageKey } from "@storagex/contract/keys";
import type { TaskResult } from "@storagex/contract/tasks/report";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { cte } from "../db/cte.ts";
import { json } from "../db/text.ts";
import { recorded } from "../events/record.ts";
import { storesMore, usesMore } from "../quota/counters.ts";
import { storageOf } from "../storage/s3.ts";
import type { Reporter } from "../tasks/lease-check.ts";
import { checkPlain } from "./check-objects.ts";
import { markSucceeded } from "./mark-succeeded.ts";

/**
 * True if this call recorded it. The poster that the owner made before is replaced; the sweep removes its
 * object, so that pages that show it still can. Throws as `checkPlain`.
 */
export async function recordPoster(
  edge: Edge,
  reporter: Reporter,
  result: Extract<TaskResult, { kind: "poster" }>,
): Promise<boolean> {
  const poster = { ...(await checkPlain(edge.config, reporter.maker, result.poster)), own: true };
  // `before` reads the newest row, which `reported` has locked.
  const statement = sql`
    WITH ${await markSucceeded(reporter, result)}, before AS (
      SELECT videos.id, (SELECT coalesce(jsonb_agg(each ORDER BY place), '[]')
          FROM jsonb_array_elements(videos.posters) WITH ORDINALITY AS all_posters(each, place) WHERE NOT each ? 'own') AS found,
        (SELECT coalesce(sum((each ->> 'size')::bigint), 0)
          FROM jsonb_array_elements(videos.posters) AS each WHERE each ? 'own') AS freed
      FROM videos, reported WHERE videos.id = reported.video_id FOR NO KEY UPDATE OF videos
    ), switched AS (
      UPDATE videos SET posters = before.found || ${json([poster])}, poster_index = jsonb_array_length(before.found),
        poster_change = jsonb_build_object('n', videos.poster_change -> 'n', 'state', 'done'),
        ${storesMore(sql`${poster.size}::bigint - before.freed`)}, revision = videos.revision + 1, updated_at = now()
      FROM before WHERE videos.id = before.id
      RETURNING videos.id, videos.owner_id, videos.seq, videos.revision, ${poster.size}::bigint - before.freed AS bytes
    ), ${recorded("video.updated", "switched")}, ${usesMore(cte("switched", "owner_id", "bytes"))}
    SELECT id FROM switched`;
  const made = await query(edge.db, statement, z.object({ id: z.string() }));
  if (made.length === 0) return false;
  if (reporter.posterImage)
    edge.waitUntil(storageOf(edge.config).remove([posterImageKey(reporter.ownerId, reporter.videoId)]));
  return true;
}
