/**
 * Reads and caches the outline of a generation: few numbers, however long the video is. The outline of a
 * whole generation never changes.
 */
import { AAC_FRAME_SECONDS, isAudioRendition } from "@storagex/contract/media/audio-tracks";
import { rungSchema } from "@storagex/contract/media/ladder";
import { audioTrackSchema, planSchema } from "@storagex/contract/tasks/plan";
import { sql } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { makeSingleFlight } from "../cache/single-flight.ts";
import type { Edge } from "../context.ts";
import { type Db, query } from "../db/connect.ts";
import { problem } from "../problem/problem.ts";
import type { Right } from "./access.ts";
import type { Outline, RenditionRates } from "./manifest.ts";

type Of = Pick<Right, "videoId" | "generation">;

const outlineRow = z.object({
  rungs: z.array(rungSchema),
  grid: planSchema.shape.grid,
  audio: z.array(audioTrackSchema),
  closedCaptions: planSchema.shape.closedCaptions.nullable(),
  ended: z.array(z.string()),
  extents: z.array(
    z.object({ rendition: z.string(), objects: z.number(), frames: z.number(), codecs: z.string() }),
  ),
});

/** Renditions and tracks of several hundred videos. */
const MAX_LISTS = 5_000;
const outlines = new LRUCache<string, Outline>({
  maxSize: MAX_LISTS,
  sizeCalculation: ({ extents }) => extents.length + 1,
});
const shareOutline = makeSingleFlight<Outline>(8);

/**
 * Pass `isWhole` as just read: an outline read after that includes all objects. Throws
 * `playback.token_invalid` if the generation is gone.
 */
export async function readOutline(edge: Edge, of: Of, isWhole: boolean): Promise<Outline> {
  const key = `${of.videoId}.${of.generation}`;
  return (
    outlines.get(key) ??
    // A caller that knows the generation to be whole must not join those that do not.
    shareOutline(edge, `${key}.${isWhole}`, async () => {
      const outline = { ...(await askOutline(edge.db, of)), isWhole };
      if (isWhole) outlines.set(key, outline);
      return outline;
    })
  );
}

/** Counts rows whose index equals their position: the first gap ends that. */
async function askOutline(db: Db, { videoId, generation }: Of): Promise<Omit<Outline, "isWhole">> {
  const statement = sql`
    SELECT plan -> 'rungs' AS rungs, plan -> 'grid' AS grid, plan #> '{source,audio}' AS audio,
      plan ->> 'closedCaptions' AS "closedCaptions",
      (SELECT coalesce(jsonb_agg('audio-' || index), '[]') FROM tasks WHERE video_id = videos.id
        AND tasks.generation = videos.generation AND kind = 'audio' AND state = 'succeeded') AS ended,
      (SELECT coalesce(jsonb_agg(extent), '[]') FROM (
        SELECT rendition, count(*) AS objects, sum(frames) AS frames, min(codecs) FILTER (WHERE index = 0) AS codecs
        FROM (
          SELECT rendition, index, frames, codecs, row_number() OVER (PARTITION BY rendition ORDER BY index) - 1 AS place
          FROM media_objects WHERE video_id = videos.id AND media_objects.generation = videos.generation
        ) AS placed
        WHERE index = place GROUP BY rendition
      ) AS extent) AS extents
    FROM videos WHERE id = ${videoId} AND generation = ${generation}::int AND plan IS NOT NULL`;
  const [row] = await query(db, statement, outlineRow);
  if (!row) throw problem("playback.token_invalid");
  const { num, den } = row.grid.rate;
  // The worker's checks guarantee it: a video frame lasts one frame of the grid, an AAC frame 1,024 samples.
  const frameOf = (rendition: string) => (isAudioRendition(rendition) ? AAC_FRAME_SECONDS : den / num);
  const extents = row.extents.map(({ frames, ...extent }) => ({
    ...extent,
    seconds: frames * frameOf(extent.rendition),
  }));
  return { ...row, extents };
}

const ratesRow = z.object({ rendition: z.string(), peak: z.number(), mean: z.number() });

type AllRates = readonly RenditionRates[];
const rates = new LRUCache<string, AllRates>({
  maxSize: MAX_LISTS,
  sizeCalculation: ({ length }) => length + 1,
});
const shareRates = makeSingleFlight<AllRates>(2);

/** Peak and mean rates of a whole generation. Reads every segment, so the result is cached. */
export async function readBandwidths(edge: Edge, { videoId, generation }: Of): Promise<AllRates> {
  const key = `${videoId}.${generation}`;
  // A short last segment with a keyframe is no peak (RFC 8216bis counts from half the target duration).
  const statement = sql`
    SELECT rendition, mean, greatest(mean, peak) AS peak FROM (
      SELECT rendition, (8 * sum(length) * min(timescale) / sum(duration))::float8 AS mean,
        max(8 * length::float8 * timescale / duration) FILTER (WHERE 2 * duration >= longest) AS peak
      FROM (
        SELECT rendition, timescale, length, duration, max(duration) OVER (PARTITION BY rendition) AS longest
        FROM media_objects CROSS JOIN LATERAL jsonb_to_recordset(segments) AS segment(length bigint, duration bigint)
        WHERE video_id = ${videoId} AND generation = ${generation}::int
      ) AS listed GROUP BY rendition
    ) AS made`;
  return (
    rates.get(key) ??
    shareRates(edge, key, async () => {
      const made = await query(edge.db, statement, ratesRow);
      rates.set(key, made);
      return made;
    })
  );
}
