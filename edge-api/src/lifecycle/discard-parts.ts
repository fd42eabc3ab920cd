/** Discards the parts of an import that is fetched from its first byte on. */
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { lockVideo } from "./needed.ts";
import { anew, anewRow, removeLast } from "./transitions.ts";

/**
 * The import `id`, if `condition` on `videos` holds, has no part any more; what was made of its parts belongs to a
 * generation that is over. The objects of the parts are the caller's.
 */
export async function discardParts(edge: Edge, id: string, condition: SQL): Promise<void> {
  const { db } = edge;
  const isBegun = sql`${condition} AND videos.generation > 0`;
  const meant = sql`(SELECT videos.id FROM videos WHERE ${condition})`;
  const [, begun] = await db.batch([
    db.execute(lockVideo(id)),
    db.execute(anew(undefined, isBegun)),
    db.execute(sql`DELETE FROM upload_parts WHERE video_id = ${meant}`),
    db.execute(sql`UPDATE part_uploads SET arrived = '{}', looked_at = NULL WHERE video_id = ${meant}`),
  ]);
  edge.waitUntil(removeLast(edge, z.array(anewRow).parse(begun.rows)));
}
