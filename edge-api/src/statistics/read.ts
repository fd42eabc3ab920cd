/** Statistics of one completed video, read from its rows: what was made, how like the source it is, what it cost. */
import { MOST_POINTS, type Statistics } from "@storagex/contract/statistics";
import { planSchema, TASK_KINDS } from "@storagex/contract/task";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, query } from "../db/connect.ts";
import { problem } from "../http/problem.ts";
import { spansOf, stagesOf } from "./effort.ts";
import { type Rates, readRates } from "./rates.ts";

const videoRow = z.object({
  generation: z.number(),
  status: z.string(),
  duration: z.number().nullable(),
  plan: planSchema.nullable(),
  ssim: z.array(z.object({ name: z.string(), ssim: z.number().nullable() })).nullable(),
});
const workRow = z.object({
  kind: z.enum(TASK_KINDS),
  index: z.number(),
  cpuSeconds: z.number().nullable(),
  wallSeconds: z.number().nullable(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
});

const moment = (column: SQL) => sql`extract(epoch FROM ${column})::float8`;

/** Throws `video.not_found`, and `video.wrong_status` before it is completed. */
export async function readStatistics(db: Db, scope: SQL, id: string): Promise<Statistics> {
  const [video] = await query(
    db,
    sql`SELECT generation, status, duration, plan, quality -> 'renditions' AS ssim
      FROM videos WHERE id = ${id} AND ${scope}`,
    videoRow,
  );
  if (!video) throw problem("video.not_found");
  const { plan, generation, duration } = video;
  if (video.status !== "completed" || !plan || duration === null) throw problem("video.wrong_status");
  const { grid, rungs, source } = plan;
  const segment = (grid.segmentFrames * grid.rate.den) / grid.rate.num;
  const interval = segment * Math.max(1, Math.ceil(duration / segment / MOST_POINTS));
  const [rates, work] = await Promise.all([
    readRates(db, id, generation, interval),
    query(
      db,
      sql`SELECT kind, index, cpu_seconds AS "cpuSeconds", wall_seconds AS "wallSeconds",
          ${moment(sql`started_at`)} AS "startedAt", ${moment(sql`finished_at`)} AS "finishedAt"
        FROM tasks WHERE video_id = ${id} AND generation = ${generation}::int AND state = 'succeeded'
        ORDER BY index`,
      workRow,
    ),
  ]);
  const of = (name: string) => rates.find(({ rendition }) => rendition === name);
  return {
    duration,
    interval,
    renditions: rungs.flatMap(({ name, codec, width, height, copied = false }) => {
      const made = of(name);
      if (!made) return [];
      const ssim = video.ssim?.find((each) => each.name === name)?.ssim ?? null;
      return [{ name, codec, width, height, copied, ...weight(made), ssim, bitrates: made.bitrates }];
    }),
    sound: source.audio.flatMap(({ language }, track) => {
      const name = `audio-${track}`;
      const made = of(name);
      return made ? [{ name, codec: made.codecs, language, ...weight(made) }] : [];
    }),
    stages: stagesOf(work, duration),
    spans: spansOf(work, plan, duration),
  };
}

const weight = ({ size, seconds, peak }: Rates) => ({
  size,
  averageBitrate: Math.round((8 * size) / seconds),
  peakBitrate: Math.round(peak),
});
