/**
 * Chooses where `finish` compares the renditions with the source, and signs read access to just the segments
 * that begin there.
 */

import type { ReadGrant, Sample } from "@storagex/contract/tasks/grants";
import type { Plan } from "@storagex/contract/tasks/plan";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../../context.ts";
import { query } from "../../db/connect.ts";
import type { StoredObject } from "../../db/stored-object.ts";
import { json } from "../../db/text.ts";

/** Fractions of the timeline at which quality samples are taken. */
const SHARES = [1 / 6, 1 / 2, 5 / 6] as const;
/** Where every quality sample is decoded from the source's start, none is later than this. */
const MAX_UNSOUGHT_SECONDS = 60;

/** First frames of the quality samples, on segment borders, without duplicates. */
export function sampleFrames(grid: Plan["grid"], chunks: number): number[] {
  const { rate, segmentFrames } = grid;
  // A frame that is held repeats the last one, so it shows nothing new.
  const totalFrames = grid.totalFrames - (grid.heldFrames ?? 0);
  const near = (MAX_UNSOUGHT_SECONDS * rate.num) / rate.den;
  const isFromStart = grid.preRoll * rate.num >= grid.totalFrames * rate.den;
  // In plans of earlier releases such a source is of one chunk.
  const reach = isFromStart || chunks === 1 ? Math.min(totalFrames, near) : totalFrames;
  const segments = Math.floor(reach / segmentFrames);
  return [...new Set(SHARES.map((share) => Math.floor(segments * share) * segmentFrames))];
}

const sampleRow = z.object({
  frame: z.number(),
  rendition: z.string(),
  key: z.string(),
  size: z.coerce.number(),
  etag: z.string(),
  initLength: z.number(),
  offset: z.coerce.number(),
  length: z.coerce.number(),
});

/**
 * The quality samples of a video whose chunks are all stored; `read` signs the grants. A rendition is left
 * out of a quality sample if no segment begins at its frame; a quality sample after the actual end is left
 * out altogether.
 */
export async function samplesOf(
  { db }: Edge,
  { videoId, generation, plan, chunks }: { videoId: string; generation: number; plan: Plan; chunks: number },
  read: (object: StoredObject) => Promise<ReadGrant>,
): Promise<Sample[]> {
  const frames = sampleFrames(plan.grid, chunks);
  const { rate } = plan.grid;
  const names = plan.rungs.map(({ name }) => name);
  const rows = await query(
    db,
    sql`SELECT frame, rendition, key, size, etag, init_length AS "initLength", start AS "offset", length FROM (
        SELECT sampled.frame, sampled.frame - chunk.first_frame AS inside, objects.rendition, objects.key, objects.size, objects.etag,
          objects.init_length, objects.timescale, (segment ->> 'offset')::bigint AS start,
          (segment ->> 'length')::bigint AS length,
          coalesce(sum((segment ->> 'duration')::bigint) OVER (PARTITION BY sampled.frame, objects.rendition
            ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS begin
        FROM (SELECT value::int AS frame FROM jsonb_array_elements_text(${json(frames)})) AS sampled
        CROSS JOIN LATERAL (
          SELECT index, first_frame FROM tasks WHERE video_id = ${videoId} AND generation = ${generation}::int
            AND kind = 'encode' AND first_frame <= sampled.frame ORDER BY index DESC LIMIT 1
        ) AS chunk
        JOIN media_objects AS objects ON objects.video_id = ${videoId} AND objects.generation = ${generation}::int
          AND objects.index = chunk.index
          AND objects.rendition IN (SELECT jsonb_array_elements_text(${json(names)}))
        CROSS JOIN jsonb_array_elements(objects.segments) WITH ORDINALITY AS each(segment, place)
      ) AS placed
      WHERE begin * ${rate.num}::bigint = inside::bigint * ${rate.den}::bigint * timescale
      ORDER BY frame, rendition`,
    sampleRow,
  );
  const samples = frames.map(async (firstFrame) => {
    const there = rows.filter(({ frame }) => frame === firstFrame);
    const renditions = there.map(async ({ rendition, initLength, offset, length, ...object }) => ({
      ...(await read(object)),
      rendition,
      initLength,
      offset,
      length,
    }));
    return { firstFrame, renditions: await Promise.all(renditions) };
  });
  return (await Promise.all(samples)).filter(({ renditions }) => renditions.length > 0);
}
