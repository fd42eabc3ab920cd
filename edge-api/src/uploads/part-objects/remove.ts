/** Removes the parts of sources that are one object, or were given up, until none can return. */
import { partsPrefix } from "@storagex/contract/keys";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../../context.ts";
import { query } from "../../db/connect.ts";
import { removeUnder } from "../../lifecycle/remove-objects.ts";
import { log, reasonOf } from "../../observe/log.ts";

const endedRow = z.object({ id: z.string(), ownerId: z.string() });

/**
 * Removes the parts of up to `max` sources: once when they are put together, and again after the last part
 * URL has ended, because a late PUT brings a part back. The upload's rows go when no part was found twice, a
 * minute apart. Returns how many sources it tried.
 */
export async function removeParts(edge: Edge, max: number): Promise<number> {
  const picked = await query(
    edge.db,
    sql`UPDATE part_uploads SET swept_at = now() FROM videos WHERE videos.id = part_uploads.video_id AND video_id IN (
        SELECT video_id FROM part_uploads JOIN videos ON videos.id = video_id
        WHERE urls_until IS NOT NULL AND (videos.source_etag IS NOT NULL OR dropped_at IS NOT NULL) AND videos.status <> 'deleting'
          AND (swept_at IS NULL OR (urls_until < now() AND swept_at < now() - interval '1 minute'))
        ORDER BY urls_until LIMIT ${max}::int FOR UPDATE OF part_uploads SKIP LOCKED
      ) RETURNING videos.id, videos.owner_id AS "ownerId"`,
    endedRow,
  );
  for (const { id, ownerId } of picked) {
    try {
      const removed = await removeUnder(edge, partsPrefix(ownerId, id));
      const seen = removed === 0 ? sql`seen_empty + 1` : sql`0`;
      await edge.db.execute(sql`UPDATE part_uploads SET seen_empty = ${seen}
        WHERE video_id = ${id} AND urls_until < now()`);
    } catch (error) {
      log("error", "the parts of a source are not removed yet", { videoId: id, reason: reasonOf(error) });
    }
  }
  await edge.db.execute(sql`DELETE FROM part_uploads WHERE seen_empty >= 2`);
  return picked.length;
}
