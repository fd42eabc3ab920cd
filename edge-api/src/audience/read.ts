/** Reads who watched a video: sums of the days that are over, and the visits of those that are not. */

import { MAX_USAGE_DAYS } from "@storagex/contract/accounts/usage";
import type { Audience, AudienceQuery } from "@storagex/contract/audience";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { makeSingleFlight } from "../cache/single-flight.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { json, storable } from "../db/text.ts";
import { problem } from "../problem/problem.ts";
import { daysOf } from "../quota/range.ts";
import { viewerHash } from "../sharing/viewer-token.ts";
import { audienceOf } from "./figures.ts";
import { isView, tallies } from "./tally.ts";

const videoRow = z.object({ keys: z.array(z.string()) });
const playsRow = z.object({ day: z.number(), views: z.coerce.number(), watchSeconds: z.number() });
const tallyRow = z.object({
  day: z.number(),
  views: z.number(),
  viewers: z.number(),
  watchedMs: z.coerce.number(),
  stallMs: z.coerce.number(),
  ended: z.number(),
  counts: z.record(z.string(), z.record(z.string(), z.number())),
});

/** The visits of a day may be many: at most two reads at a time leave the database to others. */
const flights = makeSingleFlight<Audience>(2);

/** Throws `video.not_found`, and `request.invalid` for days that are none, or too many. */
export async function readAudience(
  edge: Edge,
  visible: SQL,
  id: string,
  { share, viewer, ...range }: AudienceQuery,
): Promise<Audience> {
  const days = daysOf(range, Date.now(), MAX_USAGE_DAYS.own);
  const statement = sql`SELECT coalesce((SELECT jsonb_agg(id) FROM playback_keys
      WHERE playback_keys.owner_id = videos.owner_id), '[]') AS keys FROM videos WHERE id = ${id} AND ${visible}`;
  const [video] = await query(edge.db, statement, videoRow);
  if (!video) throw problem("video.not_found");
  const scopes = await scopesOf(video.keys, { share, viewer });
  const isDay = sql`BETWEEN date '1970-01-01' + ${days.first}::int AND date '1970-01-01' + ${days.last}::int`;
  const number = sql`day - date '1970-01-01' AS day`;
  return flights(edge, JSON.stringify([id, days, scopes]), async () => {
    const plays = await query(
      edge.db,
      sql`SELECT ${number}, sum(views) AS views, sum(watch_seconds) AS "watchSeconds" FROM plays
        WHERE video_id = ${id} AND plays.day ${isDay} AND ${share === undefined ? sql`true` : sql`share_id = ${storable(share)}`}
        GROUP BY plays.day`,
      playsRow,
    );
    const isWanted = sql`scope IN (SELECT jsonb_array_elements_text(${json(scopes)}))`;
    const tally = await query(
      edge.db,
      sql`WITH viewed AS (
          SELECT video_id, '' AS scope, day, viewer, watched_ms, startup_ms, stall_ms, ended, place, device, steps
          FROM visits WHERE video_id = ${id} AND day ${isDay} AND ${isView} AND ${scopes.includes("") ? sql`true` : isWanted}
        ), ${tallies}
        SELECT ${number}, views, viewers, watched_ms AS "watchedMs", stall_ms AS "stallMs", ended, counts FROM (
          SELECT day, views, viewers, watched_ms, stall_ms, ended, counts FROM tallied
          UNION ALL SELECT day, views, viewers, watched_ms, stall_ms, ended, counts FROM audience_days
          WHERE video_id = ${id} AND day ${isDay} AND ${isWanted}) AS summed`,
      tallyRow,
    );
    // A viewer whom a site names has only these.
    return audienceOf(days, viewer === undefined ? plays : null, tally);
  });
}

/** What a site calls a viewer is hashed with each key by which it may have said so. */
async function scopesOf(
  keys: readonly string[],
  { share, viewer }: Pick<AudienceQuery, "share" | "viewer">,
): Promise<string[]> {
  if (share !== undefined && viewer !== undefined) return [];
  if (share !== undefined) return [`s:${storable(share)}`];
  if (viewer === undefined) return [""];
  return Promise.all(keys.map(async (key) => `v:${await viewerHash(key, viewer)}`));
}
