/** What becomes of a day that is over: its salt is thrown away, and later its visits are added up and deleted. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { dayOf } from "../quota/range.ts";
import { isView, tallies } from "./tally.ts";

const DAY_MS = 86_400_000;
/** A visit that goes on after midnight is still the same one for so long. */
const QUIET_MS = 6 * 3_600_000;

/** Visits of one run: few enough for one statement's time limit. */
export const CLOSED = 20_000;

/** Closes the days that are over at `now` (milliseconds), up to `CLOSED` visits. Returns how many. */
export async function closeDays({ db }: Edge, now: number): Promise<number> {
  const today = dayOf(Math.floor(now / DAY_MS));
  await db.execute(sql`DELETE FROM audience_salts WHERE day < ${today}::date`);
  const before = dayOf(Math.floor((now - QUIET_MS) / DAY_MS));
  // In order of viewers, so that a viewer's visits of a day are added up together.
  const statement = sql`WITH closed AS (
      DELETE FROM visits WHERE (video_id, scope, session) IN (
        SELECT video_id, scope, session FROM visits WHERE day < ${before}::date
        ORDER BY day, video_id, viewer LIMIT ${CLOSED}::int)
      RETURNING *
    ), viewed AS (
      SELECT visits.video_id, each.scope, day, viewer, watched_ms, startup_ms, stall_ms, ended, place, device, steps
      FROM closed AS visits CROSS JOIN LATERAL (SELECT '' AS scope UNION SELECT visits.scope) AS each WHERE ${isView}
    ), ${tallies}, kept AS (
      INSERT INTO audience_days (video_id, scope, day, views, viewers, watched_ms, stall_ms, ended, counts)
      SELECT video_id, scope, day, views, viewers, watched_ms, stall_ms, ended, counts FROM tallied
    )
    SELECT count(*)::int AS closed FROM closed`;
  const [row] = await query(db, statement, z.object({ closed: z.number() }));
  return row?.closed ?? 0;
}
