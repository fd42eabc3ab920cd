/** Ends a poster's task that cannot be done: the video and its poster stay as they are. */
import { reasonOf } from "@storagex/contract/media/failure";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { json } from "../db/text.ts";
import { recorded } from "../events/record.ts";
import { lockVideoOf, ofNeededVideo } from "../lifecycle/needed.ts";

/**
 * If `condition` (on `tasks`) holds and the task makes a poster: it fails, and the request shows why. Causes
 * other than the image itself are told in one sentence. Returns false if it does not hold.
 */
export async function endPoster(
  edge: Edge,
  taskId: string,
  condition: SQL,
  { code, message }: { code: string; message: string },
): Promise<boolean> {
  const isOfImage = code.startsWith("poster.");
  const error = { code, message: isOfImage ? message : (reasonOf("poster.not_made") ?? message) };
  const statement = sql`
    WITH ${lockVideoOf(taskId)}, ended AS (
      UPDATE tasks SET state = 'failed', finished_at = now(), lease_until = NULL FROM needed
      WHERE tasks.id = ${taskId}::uuid AND tasks.kind = 'poster' AND ${ofNeededVideo} AND ${condition}
      RETURNING tasks.video_id
    ), told AS (
      UPDATE videos SET updated_at = now(), poster_change = poster_change || ${json({ state: "failed", error })}
      FROM ended WHERE videos.id = ended.video_id RETURNING videos.id, videos.owner_id, videos.seq
    ), ${recorded("video.poster_failed", "told")}
    SELECT id FROM told`;
  return (await query(edge.db, statement, z.object({ id: z.string() }))).length > 0;
}
