/** Calculates bitrates from a rendition's segments: average, peak, and the course along the timeline. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, query } from "../db/connect.ts";

const ratesRow = z.object({
  codecs: z.string(),
  size: z.coerce.number(),
  seconds: z.number(),
  peak: z.number(),
  bitrates: z.array(z.number()),
});
export type SegmentRates = z.infer<typeof ratesRow>;

/**
 * Rates in bits per second of a rendition or audio track whose objects are all stored; undefined if it has
 * none. Each of `bitrates` covers `interval` seconds; a segment counts proportionally in every interval that
 * it overlaps.
 */
export async function readRates(
  db: Db,
  { videoId, generation, rendition }: { videoId: string; generation: number; rendition: string },
  interval: number,
): Promise<SegmentRates | undefined> {
  const objects = sql`media_objects
    WHERE video_id = ${videoId} AND generation = ${generation}::int AND rendition = ${rendition}`;
  const width = sql`${interval}::float8`;
  const [rates] = await query(
    db,
    sql`WITH parts AS (
        SELECT length, seconds, until - seconds AS since, until
        FROM (
          SELECT length, seconds, sum(seconds) OVER (ORDER BY index, place) AS until
          FROM (
            SELECT index, place, (segment ->> 'length')::float8 AS length,
              (segment ->> 'duration')::float8 / timescale AS seconds
            FROM (SELECT index, timescale, segments FROM ${objects}) AS made
            CROSS JOIN jsonb_array_elements(segments) WITH ORDINALITY AS each(segment, place)
          ) AS listed
        ) AS placed
      ), whole AS (
        -- A short rest with a keyframe in it is no peak (RFC 8216bis counts from half a segment on).
        SELECT sum(seconds) AS seconds,
          max(8 * length / seconds) FILTER (WHERE seconds >= (SELECT max(seconds) FROM parts) / 2) AS peak
        FROM parts
      ), shares AS (
        -- A millionth of an interval is rounding, not a share.
        SELECT slot, 8 * length / seconds AS rate,
          least(until, (slot + 1) * ${width}) - greatest(since, slot * ${width}) AS overlap
        FROM parts CROSS JOIN generate_series(floor(since / ${width} + 1e-6)::int, ceil(until / ${width} - 1e-6)::int - 1) AS slot
      ), slots AS (
        SELECT slot, sum(rate * overlap) / sum(overlap) AS rate FROM shares GROUP BY slot
      ), course AS (
        SELECT jsonb_agg(round(rate) ORDER BY slot) AS bitrates FROM slots
      )
      SELECT codecs, size, whole.seconds, whole.peak, course.bitrates
      FROM (SELECT min(codecs) AS codecs, sum(size) AS size FROM ${objects}) AS objects
      CROSS JOIN whole CROSS JOIN course WHERE course.bitrates IS NOT NULL`,
    ratesRow,
  );
  return rates;
}
