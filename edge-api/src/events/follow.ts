/** Reads the `events` table from a position on, in an order that misses no late commit. */
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, query } from "../db/connect.ts";
import { isProcessed } from "../lifecycle/needed.ts";

/** A position in the table. Ids commit out of order, so the transaction id comes first. */
export type Cursor = { xact: string; id: number };

/** Whose videos are watched: everybody's, or those of some owners. */
export type Watched = "everybody" | readonly string[];

const CURSOR = /^(\d{1,20})-(\d{1,18})$/;

/** A cursor as clients keep it (`Last-Event-ID`). */
export const writeCursor = ({ xact, id }: Cursor): string => `${xact}-${id}`;

/** Undefined for anything that we did not write. */
export function readCursor(text: string): Cursor | undefined {
  const [, xact, id] = CURSOR.exec(text) ?? [];
  return xact === undefined || id === undefined ? undefined : { xact, id: Number(id) };
}

/** Whether `cursor` comes after `other`. */
export const isLater = (cursor: Cursor, other: Cursor): boolean =>
  cursor.xact === other.xact ? cursor.id > other.id : BigInt(cursor.xact) > BigInt(other.xact);

/** The condition that a video's owner, in `column`, is among those watched. */
function isWatched(column: SQL, watched: Watched): SQL {
  if (watched === "everybody") return sql`true`;
  // Of one owner the events are walked by index, in order; a list's length the planner cannot know.
  const [only, another] = watched;
  if (only !== undefined && another === undefined) return sql`${column} = ${only}`;
  return sql`${column} IN (SELECT jsonb_array_elements_text(${JSON.stringify(watched)}::jsonb))`;
}

const cursorRow = z.object({ xact: z.string(), id: z.coerce.number() });

/** The current end of the table: whatever commits later comes after it. */
export async function endOfEvents(db: Db): Promise<Cursor> {
  const [end] = await query(
    db,
    sql`SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xact, 0 AS id`,
    cursorRow,
  );
  if (!end) throw new Error("the database did not say its snapshot");
  return end;
}

const changeRow = cursorRow.extend({
  videoId: z.string(),
  ownerId: z.string(),
  /** A plan that starts takes its video out of the queue, which changes every position in the queue. */
  leavesQueue: z.boolean(),
  /** The chunk that the event concerns, if any. */
  chunk: z.number().nullable(),
});
/** Something happened to a video; its current state must be read. */
export type Change = z.infer<typeof changeRow>;

/**
 * Up to `limit` events of the watched owners after `cursor`, in order. Leaves out transactions beside which
 * an older one may still run: a later call returns them.
 */
export function changesAfter(db: Db, cursor: Cursor, watched: Watched, limit: number): Promise<Change[]> {
  const statement = sql`SELECT xact::text AS xact, id, video_id AS "videoId", owner_id AS "ownerId",
      type = 'task.started' AND data ->> 'kind' = 'plan' AS "leavesQueue",
      CASE WHEN data ->> 'kind' = 'encode' THEN (data ->> 'index')::int END AS chunk
    FROM events
    WHERE (xact, id) > (${cursor.xact}::xid8, ${cursor.id}::bigint) AND xact < pg_snapshot_xmin(pg_current_snapshot())
      AND ${isWatched(sql`owner_id`, watched)}
    ORDER BY xact, id LIMIT ${limit}::int`;
  return query(db, statement, changeRow);
}

const runningRow = z.object({ videoId: z.string(), ownerId: z.string() });
export type Running = z.infer<typeof runningRow>;

/** Watched videos for which a worker or an importer reported progress in the last `seconds`: progress is no event. */
export function progressing(db: Db, watched: Watched, seconds: number): Promise<Running[]> {
  const since = sql`now() - ${seconds}::float8 * interval '1 second'`;
  const statement = sql`SELECT videos.id AS "videoId", videos.owner_id AS "ownerId"
    FROM tasks JOIN videos ON videos.id = tasks.video_id
    WHERE tasks.state = 'running' AND tasks.heartbeat_at > ${since}
      AND ${isProcessed} AND ${isWatched(sql`videos.owner_id`, watched)}
    UNION
    SELECT videos.id, videos.owner_id FROM imports JOIN videos ON videos.id = imports.video_id
    WHERE imports.lease IS NOT NULL AND imports.reported_at > ${since}
      AND videos.status = 'pending_upload' AND ${isWatched(sql`videos.owner_id`, watched)}`;
  return query(db, statement, runningRow);
}

/** Watched videos among the first `limit` of the queue. */
export function queueHead(db: Db, watched: Watched, limit: number): Promise<Running[]> {
  const statement = sql`SELECT id AS "videoId", owner_id AS "ownerId" FROM (
      SELECT id, owner_id FROM videos WHERE status = 'queued' ORDER BY queued_at, id LIMIT ${limit}::int
    ) AS head WHERE ${isWatched(sql`owner_id`, watched)}`;
  return query(db, statement, runningRow);
}
