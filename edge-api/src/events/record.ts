/** Records what a statement did, in that very statement: the CTE that writes to `events`. Nobody is told here; readers follow the table. */
import type { VideoEventType } from "@storagex/contract/video-events";
import { type SQL, sql } from "drizzle-orm";

/**
 * The CTE `recorded`: one event for each row of the CTE `of`, which has the columns `id`, `owner_id` and `seq` of a video,
 * and after an edit (`video.updated`) its `revision`.
 * `task` names a CTE of one row with the columns `kind` and `index` of the task that it happened to.
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
