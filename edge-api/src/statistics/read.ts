/** Reads a completed video's statistics: what was made, how similar it is to the source, what it cost. */
import { audioRendition } from "@storagex/contract/media/audio-tracks";
import { taskKindSchema } from "@storagex/contract/tasks/kinds";
import { planSchema } from "@storagex/contract/tasks/plan";
import { MAX_POINTS, type Statistics } from "@storagex/contract/videos/statistics";
import { type SQL, sql } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { makeSingleFlight } from "../cache/single-flight.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { planAlone } from "../db/plan.ts";
import { problem } from "../problem/problem.ts";
import { spansOf, stagesOf } from "./effort.ts";
import { readRates, type SegmentRates } from "./rates.ts";

const stateRow = z.object({ generation: z.number(), status: z.string() });
const videoRow = z.object({
  duration: z.number(),
  plan: planSchema,
  loudness: z.record(z.string(), z.number().nullable()),
  ssim: z.array(z.object({ name: z.string(), ssim: z.number().nullable() })).nullable(),
});
const workRow = z.object({
  kind: taskKindSchema,
  index: z.number(),
  firstFrame: z.number().nullable(),
  cpuSeconds: z.number().nullable(),
  wallSeconds: z.number().nullable(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
});

const secondsOf = (column: SQL) => sql`extract(epoch FROM ${column})::float8`;

/** Statistics of a completed generation never change. Sized in numbers; a span holds five. About 8 MB. */
const kept = new LRUCache<string, Statistics>({
  maxSize: 1_000_000,
  sizeCalculation: ({ renditions, spans }) =>
    renditions.reduce((sum, { bitrates }) => sum + bitrates.length, 10 * spans.length + 1),
});
/** Each read covers every segment of its video: at most two at a time leave the database to others. */
const share = makeSingleFlight<Statistics>(2);

/** Throws `video.not_found`, and `video.wrong_status` before the video is completed. */
export async function readStatistics(edge: Edge, scope: SQL, id: string): Promise<Statistics> {
  const statement = sql`SELECT generation, status FROM videos WHERE id = ${id} AND ${scope}`;
  const [video] = await query(edge.db, statement, stateRow);
  if (!video) throw problem("video.not_found");
  const { generation, status } = video;
  if (status !== "completed") throw problem("video.wrong_status");
  const key = `${id}.${generation}`;
  return (
    kept.get(key) ??
    share(edge, key, async () => {
      const statistics = await compute(edge, id, generation);
      kept.set(key, statistics);
      return statistics;
    })
  );
}

/** Sequential statements, so that it takes only one connection. */
async function compute({ db }: Edge, videoId: string, generation: number): Promise<Statistics> {
  const [video] = await query(
    db,
    sql`SELECT duration, ${planAlone} AS plan, quality -> 'renditions' AS ssim, loudness FROM videos
      WHERE id = ${videoId} AND generation = ${generation}::int AND plan IS NOT NULL AND duration IS NOT NULL`,
    videoRow,
  );
  if (!video) throw problem("video.wrong_status");
  const { plan, duration, ssim, loudness } = video;
  const { grid, rungs, source } = plan;
  const segment = (grid.segmentFrames * grid.rate.den) / grid.rate.num;
  const interval = segment * Math.max(1, Math.ceil(duration / segment / MAX_POINTS));
  const ratesOf = (rendition: string) => readRates(db, { videoId, generation, rendition }, interval);

  const renditions: Statistics["renditions"] = [];
  for (const { name, codec, width, height, copied = false } of rungs) {
    const made = await ratesOf(name);
    if (!made) continue;
    const likeness = ssim?.find((each) => each.name === name)?.ssim ?? null;
    const { bitrates } = made;
    renditions.push({ name, codec, width, height, copied, ...weight(made), ssim: likeness, bitrates });
  }
  const sound: Statistics["sound"] = [];
  for (const [track, { language }] of source.audio.entries()) {
    const name = audioRendition(track);
    const made = await ratesOf(name);
    if (made)
      sound.push({ name, codec: made.codecs, language, ...weight(made), loudness: loudness[track] ?? null });
  }
  const work = await query(
    db,
    sql`SELECT kind, index, first_frame AS "firstFrame", cpu_seconds AS "cpuSeconds", wall_seconds AS "wallSeconds",
        ${secondsOf(sql`started_at`)} AS "startedAt", ${secondsOf(sql`finished_at`)} AS "finishedAt"
      FROM tasks WHERE video_id = ${videoId} AND generation = ${generation}::int AND state = 'succeeded'
      ORDER BY index`,
    workRow,
  );
  return {
    duration,
    interval,
    renditions,
    sound,
    stages: stagesOf(work, duration),
    spans: spansOf(work, grid.rate, duration),
  };
}

const weight = ({ size, seconds, peak }: SegmentRates) => ({
  size,
  averageBitrate: Math.round((8 * size) / seconds),
  peakBitrate: Math.round(peak),
});
