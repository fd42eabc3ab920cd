/** Records the success of `finish`, a video's last task: stores its outputs and completes the video. */
import { trackNames } from "@storagex/contract/media/audio-tracks";
import type { TaskResult } from "@storagex/contract/tasks/report";
import { uniqueNames } from "@storagex/contract/text/unique-names";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { cte } from "../db/cte.ts";
import type { Quality, StoredCaptions, StoredStoryboard } from "../db/schema/videos.ts";
import { json } from "../db/text.ts";
import { recorded } from "../events/record.ts";
import { storesMore, usesMore } from "../quota/counters.ts";
import { encodesMore } from "../quota/days.ts";
import type { Reporter } from "../tasks/lease-check.ts";
import { checkPlain } from "./check-objects.ts";
import { markSucceeded } from "./mark-succeeded.ts";
import { addNotes } from "./notes.ts";

type FinishResult = Extract<TaskResult, { kind: "finish" }>;

/** True if this call recorded it. Throws `request.invalid` if an object is not stored as reported. */
export async function recordFinish(edge: Edge, reporter: Reporter, result: FinishResult): Promise<boolean> {
  const { config } = edge;
  const check = (object: FinishResult["mp4"]) => checkPlain(config, reporter.maker, object);
  const mp4 = await check(result.mp4);
  const posters = await Promise.all(result.posters.map(check));
  const storyboard = await storedStoryboard(result, check);
  const captions = await storedCaptions(result, check);
  const all = [mp4, ...posters, ...(storyboard?.sheets ?? []), ...captions];
  const made = all.reduce((sum, { size }) => sum + size, 0);
  const quality = await qualityOf(edge, reporter, result);
  const statement = sql`
    WITH ${await markSucceeded(reporter, result)}, completed AS (
      UPDATE videos SET status = 'completed', mp4 = ${json(mp4)}, posters = ${json(posters)}, poster_index = 0,
        storyboard = ${storyboard ? json(storyboard) : sql`NULL`}, captions = ${json(captions)} || videos.captions,
        quality = ${json(quality)}, ${storesMore(made)},
        cpu_seconds = cpu_seconds + ${result.cpuSeconds}::float8, wall_seconds = wall_seconds + ${result.wallSeconds}::float8,
        ${addNotes(result)}, playable_at = coalesce(playable_at, now()),
        completed_at = now(), updated_at = now()
      FROM reported WHERE videos.id = reported.video_id AND videos.generation = reported.generation
        AND videos.status = 'processing'
      RETURNING videos.id, videos.owner_id, videos.seq, ${made}::bigint AS bytes, coalesce(videos.duration, 0) AS seconds
    ), ${recorded("video.completed", "completed")}, ${usesMore(cte("completed", "owner_id", "bytes"))},
    ${encodesMore(cte("completed", "owner_id", "seconds"))}
    SELECT id FROM completed`;
  const [completed] = await query(edge.db, statement, z.object({ id: z.string() }));
  return completed !== undefined;
}

const madeRow = z.object({ rendition: z.string(), size: z.coerce.number(), frames: z.coerce.number() });

/** Sizes and mean rates of the renditions. All chunks are pinned by now, so they are final. */
async function qualityOf(
  { db }: Edge,
  { videoId, generation, plan }: Reporter,
  result: FinishResult,
): Promise<Quality> {
  if (!plan) return { renditions: [] };
  const statement = sql`SELECT rendition, sum(size) AS size, sum(frames) AS frames FROM media_objects
    WHERE video_id = ${videoId} AND generation = ${generation}::int GROUP BY rendition`;
  const made = await query(db, statement, madeRow);
  const { rate } = plan.grid;
  return {
    renditions: plan.rungs.map(({ name }) => {
      const { size = 0, frames = 0 } = made.find(({ rendition }) => rendition === name) ?? {};
      const seconds = (frames * rate.den) / rate.num;
      const bitrate = seconds > 0 ? Math.round((size * 8) / seconds) : 0;
      const ssim = result.quality.find(({ rendition }) => rendition === name)?.ssim ?? null;
      return { name, size, bitrate, ssim };
    }),
  };
}

type Check = (object: FinishResult["mp4"]) => ReturnType<typeof checkPlain>;

async function storedStoryboard(
  { storyboard }: FinishResult,
  check: Check,
): Promise<StoredStoryboard | null> {
  if (!storyboard) return null;
  return { ...storyboard, sheets: await Promise.all(storyboard.sheets.map(check)) };
}

async function storedCaptions({ captions }: FinishResult, check: Check): Promise<StoredCaptions[]> {
  const names = uniqueNames(trackNames(captions, "Captions"));
  return Promise.all(
    captions.map(async ({ object, language }, index) => ({
      ...(await check(object)),
      id: `source-${index}`,
      language,
      label: names[index] ?? "",
    })),
  );
}
