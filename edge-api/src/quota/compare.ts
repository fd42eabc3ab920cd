/** Compares the usage counters of accounts with their videos and corrects them: a stored sum may drift. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { log } from "../observe/log.ts";
import { sourceBytes } from "./counters.ts";

const differsRow = z.object({
  userId: z.string(),
  used: z.coerce.number(),
  sources: z.coerce.number(),
  reserved: z.coerce.number(),
  tickets: z.coerce.number(),
  videos: z.coerce.number(),
  milliseconds: z.coerce.number(),
});

/**
 * Checks the `max` accounts that were checked longest ago. Returns how many it corrected. Each act changes a
 * video and its owner's counters in one statement, so a snapshot holds consistent values of both. The
 * difference is added to the counters, because other statements may have changed them meanwhile.
 */
export async function compareCounters({ db }: Edge, max: number): Promise<number> {
  const statement = sql`
    WITH chosen AS (
      SELECT id, used_bytes, source_bytes, reserved_bytes, open_tickets, video_count, video_milliseconds FROM users ORDER BY counted_at LIMIT ${max}::int
    ), differs AS (
      SELECT id, used - used_bytes AS used, sources - source_bytes AS sources, reserved - reserved_bytes AS reserved, tickets - open_tickets AS tickets,
        videos - video_count AS videos, milliseconds - video_milliseconds AS milliseconds
      FROM chosen CROSS JOIN LATERAL (
        SELECT coalesce(sum(stored_bytes), 0) AS used, coalesce(sum(sources), 0) AS sources,
          coalesce(sum(size) FILTER (WHERE was = 'pending_upload'), 0) AS reserved,
          count(*) FILTER (WHERE was = 'pending_upload') AS tickets,
          count(*) FILTER (WHERE status <> 'deleting') AS videos,
          coalesce(sum(milliseconds_of(duration)) FILTER (WHERE status <> 'deleting'), 0) AS milliseconds
        FROM (
          SELECT stored_bytes, ${sourceBytes} AS sources, size, status, duration, coalesce(deleted_from, status) AS was FROM videos
          WHERE videos.owner_id = chosen.id AND (videos.status <> 'deleting' OR videos.undo_until IS NOT NULL)
        ) AS owned
      ) AS counted
    ), corrected AS (
      UPDATE users SET counted_at = now(), used_bytes = users.used_bytes + differs.used, source_bytes = users.source_bytes + differs.sources,
        reserved_bytes = users.reserved_bytes + differs.reserved, open_tickets = users.open_tickets + differs.tickets,
        video_count = users.video_count + differs.videos,
        video_milliseconds = users.video_milliseconds + differs.milliseconds
      FROM differs WHERE users.id = differs.id
    )
    SELECT id AS "userId", used, sources, reserved, tickets, videos, milliseconds FROM differs
    WHERE (used, sources, reserved, tickets, videos, milliseconds) <> (0, 0, 0, 0, 0, 0)`;
  const differing = await query(db, statement, differsRow);
  for (const { userId, ...by } of differing)
    log("error", "an account's counters were not what its videos say, and were corrected", { userId, ...by });
  return differing.length;
}
