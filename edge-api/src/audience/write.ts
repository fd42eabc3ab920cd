/**
 * Writes what was played: visits, the counts of their videos and their owners' usage, many in one statement.
 * All that is decided is decided here, by the row of the visit: it does not matter which replica a report
 * reached, nor what that replica remembers.
 */
import { VIEW_SECONDS } from "@storagex/contract/audience";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, query } from "../db/connect.ts";
import { cte } from "../db/cte.ts";
import { json } from "../db/text.ts";
import { standsIn } from "../playback/standing.ts";
import { watchesMore } from "../quota/days.ts";
import type { Granted, Visit } from "./visits.ts";

/** Nobody plays faster than this, whatever a player claims; a report after a pause in the network holds more. */
const MAX_SPEED = 2.5;
const SLACK_MS = 30_000;
const VIEW_MS = VIEW_SECONDS * 1_000;

const grantRow = z.object({
  video: z.string(),
  generation: z.number(),
  kind: z.string(),
  ref: z.string(),
  lock: z.number(),
});

/**
 * Adds visits as of `now` (milliseconds). Returns the grants that do not stand (any more): nothing was written
 * of what they were used for. Rows are written in one order, so that replicas do not wait for each other.
 */
export async function writeVisits(db: Db, visits: readonly Visit[], now: number): Promise<Granted[]> {
  const rows = visits.map(({ began, claimedMs, ...visit }) => ({
    ...visit,
    ageMs: Math.max(0, Math.round(now - began)),
    claimedMs: Math.round(claimedMs),
  }));
  return query(db, statementFor(rows), grantRow);
}

const reportedColumns = sql.raw(
  `video text, generation int, kind text, ref text, lock int, scope text, share text, session text, day date, viewer text,
   device text, place text, "ageMs" float8, "claimedMs" float8, "startupMs" int, "stallMs" float8, ended boolean, played jsonb`,
);

/** The most that can have been played in so many milliseconds. */
const possible = (elapsedMs: SQL): SQL => sql`(${elapsedMs} * ${MAX_SPEED}::float8 + ${SLACK_MS}::float8)`;

/** The hundredths of the video whose middle was played. */
const stepsOf = (played: SQL, duration: SQL): SQL => {
  const at = (end: number) => sql`(range ->> ${sql.raw(String(end))})::float8 * 100 / ${duration}`;
  return sql`coalesce((SELECT range_agg(int4range(lower, upper)) FROM (
      SELECT least(100, greatest(0, ceil(${at(0)} - 0.5)))::int AS lower, least(100, floor(${at(1)} - 0.5) + 1)::int AS upper
      FROM jsonb_array_elements(${played}) AS range WHERE ${duration} > 0) AS bounds WHERE upper > lower), '{}')`;
};

/** Whether so many steps can have been played in so much time; the bounds of steps are not exact. */
const hasTimeFor = (
  steps: SQL,
  watchedMs: SQL,
  duration: SQL,
): SQL => sql`((SELECT coalesce(sum(upper(step) - lower(step)), 0)
      FROM unnest(${steps}) AS step) * coalesce(${duration}, 0) * 10 <= ${watchedMs} + 2000 + coalesce(${duration}, 0) * 20)`;

/** Milliseconds since the visit `v` began. */
const elapsed = sql`(extract(epoch FROM now() - v.began_at) * 1000)::float8`;
const watchedNow = sql`greatest(v.watched_ms, least(v.watched_ms + excluded.watched_ms, ${possible(elapsed)}))::int`;

const statementFor = (rows: readonly object[]): SQL => sql`
  WITH reported AS MATERIALIZED (
    SELECT * FROM ROWS FROM (jsonb_to_recordset(${json(rows)}) AS (${reportedColumns})) WITH ORDINALITY AS r
  ), granted AS MATERIALIZED (
    SELECT reported.*, videos.owner_id, videos.duration,
      CASE WHEN session = '' THEN "claimedMs" ELSE least("claimedMs", ${possible(sql`"ageMs"`)}) END::int AS "playedMs"
    FROM reported JOIN videos ON videos.id = reported.video AND videos.generation = reported.generation
    WHERE videos.status <> 'deleting' AND ${standsIn(cte("reported", "kind", "ref", "lock"))}
  ), stepped AS (
    SELECT granted.*, ${stepsOf(sql`played`, sql`duration`)} AS steps FROM granted WHERE session <> ''
  ), visited AS (
    INSERT INTO visits AS v (video_id, scope, session, day, viewer, device, place, began_at, watched_ms, last_ms, startup_ms,
      stall_ms, ended, steps)
    SELECT video, scope, session, day, viewer, device, place, now() - "ageMs" * interval '1 millisecond', "playedMs", "playedMs",
      "startupMs", least("stallMs", "ageMs" + ${SLACK_MS}::float8)::int, ended,
      CASE WHEN ${hasTimeFor(sql`steps`, sql`"playedMs"`, sql`duration`)} THEN steps ELSE '{}' END
    FROM stepped ORDER BY video, scope, session
    ON CONFLICT (video_id, scope, session) DO UPDATE SET
      watched_ms = ${watchedNow}, last_ms = ${watchedNow} - v.watched_ms,
      viewer = coalesce(v.viewer, excluded.viewer), place = coalesce(v.place, excluded.place),
      startup_ms = coalesce(v.startup_ms, excluded.startup_ms),
      stall_ms = greatest(v.stall_ms, least(excluded.stall_ms, ${elapsed} + ${SLACK_MS}::float8)::int),
      ended = v.ended OR excluded.ended,
      steps = CASE WHEN ${hasTimeFor(
        sql`(v.steps + excluded.steps)`,
        watchedNow,
        sql`(SELECT duration FROM videos WHERE videos.id = v.video_id)`,
      )} THEN v.steps + excluded.steps ELSE v.steps END
    RETURNING video_id, scope, session, day, watched_ms, last_ms
  ), added AS MATERIALIZED (
    SELECT video, owner_id, share, coalesce(visited.day, granted.day) AS day,
      count(*) FILTER (WHERE watched_ms >= ${VIEW_MS}::int AND watched_ms - last_ms < ${VIEW_MS}::int) AS views,
      sum(coalesce(last_ms, "playedMs")) / 1000.0::float8 AS seconds
    FROM granted LEFT JOIN visited ON visited.video_id = granted.video AND visited.scope = granted.scope
      AND visited.session = granted.session
    GROUP BY 1, 2, 3, 4
  ), ${watchesMore(cte("added", "owner_id", "seconds"))}, counted AS (
    INSERT INTO plays (video_id, share_id, day, views, watch_seconds)
    SELECT video, share, day, views, seconds FROM added WHERE views > 0 OR seconds > 0 ORDER BY video, share, day
    ON CONFLICT (video_id, share_id, day) DO UPDATE
      SET views = plays.views + excluded.views, watch_seconds = plays.watch_seconds + excluded.watch_seconds
  )
  SELECT DISTINCT video, generation, kind, ref, lock FROM reported
  WHERE NOT EXISTS (SELECT 1 FROM granted WHERE granted.ordinality = reported.ordinality)`;
