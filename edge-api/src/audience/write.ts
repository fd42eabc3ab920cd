/** Adds what was played to the rows of `plays`: many videos in one statement. */
import { sql } from "drizzle-orm";
import type { Db } from "../db/connect.ts";
import { json } from "../db/text.ts";
import type { Added } from "./visits.ts";

/** Rows are added to in one order, so that replicas do not wait for each other; gone videos are left out. */
export async function writePlays(db: Db, rows: readonly Added[]): Promise<void> {
  await db.execute(sql`INSERT INTO plays (video_id, share_id, day, views, watch_seconds)
    SELECT videos.id, added.share, (now() AT TIME ZONE 'UTC')::date, added.views, added.seconds
    FROM jsonb_to_recordset(${json(rows)}) AS added(video text, share text, views int, seconds float8)
    JOIN videos ON videos.id = added.video AND videos.status <> 'deleting'
    ORDER BY videos.id, added.share
    ON CONFLICT (video_id, share_id, day) DO UPDATE
      SET views = plays.views + excluded.views, watch_seconds = plays.watch_seconds + excluded.watch_seconds`);
}
