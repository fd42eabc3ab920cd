/**
 * Records the success of a chunk or audio track: pins its objects and lowers the count of pending tasks; at
 * zero it enqueues `finish`, once.
 */
import { audioRendition } from "@storagex/contract/media/audio-tracks";
import type { TaskResult } from "@storagex/contract/tasks/report";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { cte } from "../db/cte.ts";
import type { StoredObject } from "../db/stored-object.ts";
import { json } from "../db/text.ts";
import { recorded } from "../events/record.ts";
import { problem } from "../problem/problem.ts";
import { storesMore, usesMore } from "../quota/counters.ts";
import type { Reporter } from "../tasks/lease-check.ts";
import { type CheckedMedia, checkMedia, checkPlain } from "./check-objects.ts";
import { commitSuccess } from "./commit.ts";
import { insertMedia } from "./insert-media.ts";
import { type Effort, markSucceeded } from "./mark-succeeded.ts";
import { addNotes, type Noted } from "./notes.ts";

/** True if this call recorded it. Throws `request.invalid` unless the report holds every rendition once. */
export async function recordEncode(
  edge: Edge,
  reporter: Reporter,
  result: Extract<TaskResult, { kind: "encode" }>,
): Promise<boolean> {
  const expected = (reporter.plan?.rungs ?? []).map(({ name }) => name).sort();
  const given = result.objects.map(({ rendition }) => rendition).sort();
  if (expected.join() !== given.join())
    throw problem("request.invalid", {
      errors: [{ path: "result.objects", message: "must hold each rendition once" }],
    });
  const objects = await Promise.all(
    result.objects.map((object) => checkMedia(edge.config, reporter.maker, object)),
  );
  const poster = result.poster && (await checkPlain(edge.config, reporter.maker, result.poster));
  const { plan, firstFrame, frames } = reporter;
  // The last chunk runs to the end, whose frame the plan only estimates.
  const doneFrames = frames ?? Math.max(0, (plan?.grid.totalFrames ?? 0) - (firstFrame ?? 0));
  return commitSuccess(edge, reporter, await countDown(reporter, { result, objects, poster, doneFrames }));
}

const pinnedRow = z.object({ pieces: z.coerce.number() });

/** True if this call recorded it. Throws `request.invalid` unless all pieces are pinned. */
export async function recordAudio(
  edge: Edge,
  reporter: Reporter,
  result: Extract<TaskResult, { kind: "audio" }>,
): Promise<boolean> {
  const pinned = sql`SELECT count(*) AS pieces FROM media_objects WHERE video_id = ${reporter.videoId}
    AND generation = ${reporter.generation}::int AND rendition = ${audioRendition(reporter.index)}
    AND index < ${result.pieces}::int`;
  const [row] = await query(edge.db, pinned, pinnedRow);
  if (row?.pieces !== result.pieces)
    throw problem("request.invalid", {
      errors: [{ path: "result.pieces", message: `only ${row?.pieces ?? 0} are pinned` }],
    });
  const loudness = result.loudness === undefined ? {} : { [reporter.index]: result.loudness };
  return commitSuccess(edge, reporter, await countDown(reporter, { result, loudness }));
}

/**
 * One statement, so that of two concurrent last successes exactly one reaches zero: the second waits for the
 * first one's lock on the video and reads its count.
 */
async function countDown(
  reporter: Reporter,
  {
    result,
    objects = [],
    poster = null,
    doneFrames = 0,
    loudness = {},
  }: {
    result: Effort & Noted;
    objects?: readonly CheckedMedia[];
    poster?: StoredObject | null;
    doneFrames?: number;
    /** By track. */
    loudness?: Record<string, number | null>;
  },
): Promise<SQL> {
  const made = objects.reduce((sum, { size }) => sum + size, 0);
  return sql`
    WITH ${await markSucceeded(reporter, result)}, ${insertMedia(json(objects))}, counted AS (
      UPDATE videos SET pending_tasks = pending_tasks - 1, done_frames = done_frames + ${doneFrames}::bigint,
        ${storesMore(made)},
        cpu_seconds = cpu_seconds + ${result.cpuSeconds}::float8,
        wall_seconds = wall_seconds + ${result.wallSeconds}::float8, ${addNotes(result)}, loudness = videos.loudness || ${json(loudness)}, updated_at = now(),
        posters = CASE WHEN posters = '[]' THEN ${json(poster ? [poster] : [])} ELSE posters END
      FROM reported WHERE videos.id = reported.video_id AND videos.generation = reported.generation
      RETURNING videos.id, videos.owner_id, videos.generation, videos.seq, videos.status, videos.pending_tasks,
        ${made}::bigint AS bytes
    ), ${recorded("task.succeeded", "counted", "reported")}, ${usesMore(cte("counted", "owner_id", "bytes"))}, finish AS (
      INSERT INTO tasks (video_id, generation, kind, index, state)
      SELECT id, generation, 'finish', 0, CASE WHEN status = 'pending_upload' THEN 'waiting' ELSE 'queued' END
      FROM counted WHERE pending_tasks = 0
      ON CONFLICT DO NOTHING RETURNING id, state
    )
    INSERT INTO outbox (task_id) SELECT id FROM finish WHERE state = 'queued'`;
}
