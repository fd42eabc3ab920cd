/**
 * The CTE that writes to `events`, in the statement that makes the event true. It notifies nobody: readers
 * follow the table.
 */
import type { VideoEventType } from "@storagex/contract/videos/video-events";
import { type SQL, sql } from "drizzle-orm";

/**
 * The CTE `recorded`: one event for each row of the CTE `of`. That CTE needs a video's columns `id`,
 * `owner_id` and `seq`, and after an edit (`video.updated`) its `revision`. `task` names a CTE of one row
 * with the `kind` and `index` of the task that the event concerns.
 */
export const recorded = (type: VideoEventType, of: string, task?: string): SQL => {
  const data = task
    ? sql.raw(`jsonb_build_object('kind', ${task}.kind, 'index', ${task}.index)`)
    : type === "video.updated"
      ? sql.raw(`jsonb_build_object('revision', ${of}.revision)`)
      : sql`'{}'::jsonb`;
  const from = task ? sql.raw(`${of}, ${task}`) : sql.raw(of);
  const [id, owner, seq] = ["id", "owner_id", "seq"].map((column) => sql.raw(`${of}.${column}`));
  return sql`recorded AS (
      INSERT INTO events (video_id, owner_id, seq, type, data) SELECT ${id}, ${owner}, ${seq}, ${type}::text, ${data} FROM ${from}
    )`;
};
