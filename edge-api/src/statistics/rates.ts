/** Bitrates from the segments' rows: per rendition the whole, the peak, and the course along the timeline. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, query } from "../db/connect.ts";

const ratesRow = z.object({
  rendition: z.string(),
  codecs: z.string(),
  size: z.coerce.number(),
  seconds: z.number(),
  peak: z.number(),
  bitrates: z.array(z.number()),
});
export type Rates = z.infer<typeof ratesRow>;

/**
 * Of every rendition and sound track of a generation whose objects are all there. `interval` (seconds) is what each of
 * `bitrates` stands for; a segment counts into the intervals it lies in by its share. Bits per second throughout.
 */
export function readRates(db: Db, videoId: string, generation: number, interval: number): Promise<Rates[]> {
  const objects = sql`media_objects WHERE video_id = ${videoId} AND generation = ${generation}::int`;
  const width = sql`${interval}::float8`;
  return query(
    db,
    sql`WITH parts AS (
        SELECT rendition, length, seconds, until - seconds AS since, until,
          max(seconds) OVER (PARTITION BY rendition) AS longest
        FROM (
          SELECT rendition, length, seconds, sum(seconds) OVER (PARTITION BY rendition ORDER BY index, place) AS until
          FROM (
            SELECT rendition, index, place, (segment ->> 'length')::float8 AS length,
              (segment ->> 'duration')::float8 / timescale AS seconds
            FROM (SELECT rendition, index, timescale, segments FROM ${objects}) AS made
            CROSS JOIN jsonb_array_elements(segments) WITH ORDINALITY AS each(segment, place)
          ) AS listed
        ) AS placed
      ), whole AS (
        -- A short rest with a keyframe in it is no peak (RFC 8216bis counts from half a segment on).
        SELECT rendition, sum(seconds) AS seconds, max(8 * length / seconds) FILTER (WHERE seconds >= longest / 2) AS peak
        FROM parts GROUP BY rendition
      ), shares AS (
        -- A millionth of an interval is rounding, not a share.
        SELECT rendition, slot, 8 * length / seconds AS rate,
          least(until, (slot + 1) * ${width}) - greatest(since, slot * ${width}) AS overlap
        FROM parts CROSS JOIN generate_series(floor(since / ${width} + 1e-6)::int, ceil(until / ${width} - 1e-6)::int - 1) AS slot
      ), slots AS (
        SELECT rendition, slot, sum(rate * overlap) / sum(overlap) AS rate FROM shares GROUP BY rendition, slot
      ), course AS (
        SELECT rendition, jsonb_agg(round(rate) ORDER BY slot) AS bitrates FROM slots GROUP BY rendition
      )
      SELECT rendition, codecs, size, whole.seconds, whole.peak, course.bitrates
      FROM (SELECT rendition, min(codecs) AS codecs, sum(size) AS size FROM ${objects} GROUP BY rendition) AS objects
      JOIN whole USING (rendition) JOIN course USING (rendition)`,
    ratesRow,
  );
}
