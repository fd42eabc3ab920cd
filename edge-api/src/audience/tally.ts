/** The SQL that adds up views: for an answer as long as their day lasts, and for good when it is over. */
import { VIEW_SECONDS } from "@storagex/contract/audience";
import { type SQL, sql } from "drizzle-orm";

/** The condition on `visits` that a visit is a view. */
export const isView = sql`visits.watched_ms >= ${VIEW_SECONDS * 1_000}::int`;

/** Places of one sum: anybody may invent them. */
const MAX_KEPT = 100;

/** Start-up times in steps that nobody feels: of a day there are at most some hundred different ones. */
const startup = sql`CASE WHEN startup_ms < 2000 THEN round(startup_ms / 10.0) * 10
      WHEN startup_ms < 10000 THEN round(startup_ms / 50.0) * 50 ELSE least(60000, round(startup_ms / 500.0) * 500) END::int::text`;

const GROUP = sql.raw("video_id, scope, day");

/**
 * The CTE `tallied`, after others that it needs: the views of the CTE `viewed` (columns of `visits`) by video, scope and day.
 * `counts` has an object for each of `startup`, `place` and `device`, and in `step` how many more (or fewer) views play
 * from a hundredth on than before it.
 */
export const tallies: SQL = sql`figures AS (
    SELECT ${GROUP}, count(*)::int AS views, count(DISTINCT viewer)::int AS viewers, sum(watched_ms)::bigint AS watched_ms,
      sum(stall_ms)::bigint AS stall_ms, (count(*) FILTER (WHERE ended))::int AS ended
    FROM viewed GROUP BY ${GROUP}
  ), numbered AS (
    SELECT ${GROUP}, 'startup' AS what, ${startup} AS value, count(*)::int AS number FROM viewed
      WHERE startup_ms IS NOT NULL GROUP BY ${GROUP}, value
    UNION ALL SELECT ${GROUP}, 'device', device, count(*)::int FROM viewed GROUP BY ${GROUP}, device
    UNION ALL SELECT ${GROUP}, 'place', place, number FROM (
      SELECT ${GROUP}, place, count(*)::int AS number,
        row_number() OVER (PARTITION BY ${GROUP} ORDER BY count(*) DESC, place) AS rank
      FROM viewed WHERE place IS NOT NULL GROUP BY ${GROUP}, place) AS placed WHERE rank <= ${MAX_KEPT}::int
    UNION ALL SELECT ${GROUP}, 'step', at::text, sum(more)::int FROM (
      SELECT ${GROUP}, lower(step) AS at, 1 AS more FROM viewed, unnest(steps) AS step
      UNION ALL SELECT ${GROUP}, upper(step), -1 FROM viewed, unnest(steps) AS step) AS bounds GROUP BY ${GROUP}, at
  ), objects AS (
    SELECT ${GROUP}, jsonb_object_agg(what, numbers) AS counts FROM (
      SELECT ${GROUP}, what, jsonb_object_agg(value, number) AS numbers FROM numbered GROUP BY ${GROUP}, what) AS each
    GROUP BY ${GROUP}
  ), tallied AS (
    SELECT figures.*, coalesce(counts, '{}') AS counts FROM figures LEFT JOIN objects USING (${GROUP})
  )`;
