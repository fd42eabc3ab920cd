/** Adds what was played to the rows of `plays` and to their owners' usage: many videos in one statement. */
import { sql } from "drizzle-orm";
import { today } from "../db/columns.ts";
import type { Db } from "../db/connect.ts";
import { cte } from "../db/cte.ts";
import { json } from "../db/text.ts";
import { watchesMore } from "../quota/days.ts";
import type { Added } from "./visits.ts";

/** Rows are added to in one order, so that replicas do not wait for each other; gone videos are left out. */
export async function writePlays(db: Db, rows: readonly Added[]): Promise<void> {
  await db.execute(sql`WITH added AS MATERIALIZED (
      SELECT videos.id, videos.owner_id, reported.share, reported.views, reported.seconds
      FROM jsonb_to_recordset(${json(rows)}) AS reported(video text, share text, views int, seconds float8)
      JOIN videos ON videos.id = reported.video AND videos.status <> 'deleting'
    ), ${watchesMore(cte("added", "owner_id", "seconds"))}
    INSERT INTO plays (video_id, share_id, day, views, watch_seconds)
    SELECT id, share, ${today}, views, seconds FROM added ORDER BY id, share
    ON CONFLICT (video_id, share_id, day) DO UPDATE
      SET views = plays.views + excluded.views, watch_seconds = plays.watch_seconds + excluded.watch_seconds`);
}
