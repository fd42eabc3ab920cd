/** Reads videos as the API shows them: one statement for a video or a page, always under a scope. */
import { mediaNoteSchema } from "@storagex/contract/media/note";
import { profileSchema } from "@storagex/contract/profile";
import { TASK_KINDS } from "@storagex/contract/tasks/kinds";
import { audioTrackSchema, planSchema } from "@storagex/contract/tasks/plan";
import { chaptersSchema, originSchema, visibilitySchema } from "@storagex/contract/video-fields";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { shownCaptions, shownCaptionsRow } from "../captions/shown.ts";
import { type Db, readRows } from "../db/connect.ts";
import { everybodys } from "../db/scope.ts";
import { storedObjectSchema } from "../db/stored-object.ts";
import { iso, isPlainId, json } from "../db/text.ts";
import { shownChapters } from "./fields.ts";

const taskRow = z.object({
  kind: z.enum(TASK_KINDS),
  index: z.number(),
  /** Of an encode task: its chunk. */
  firstFrame: z.number().nullable(),
  frames: z.number().nullable(),
  state: z.enum(["waiting", "queued", "running", "succeeded", "failed", "cancelled"]),
  progress: z.number(),
  worker: z.string().nullable(),
  speed: z.number().nullable(),
  failures: z.number(),
});
const audioRow = z.object({
  rendition: z.string(),
  pieces: z.number(),
  /** One more than the highest index: equals `pieces` if none is missing in between. */
  reach: z.number(),
  frames: z.number(),
});
const posterChangeRow = z.object({
  state: z.enum(["uploading", "making", "failed", "done"]),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});
const rowSchema = z.object({
  id: z.string(),
  ownerId: z.string(),
  ownerEmail: z.string(),
  title: z.string(),
  filename: z.string(),
  size: z.coerce.number(),
  status: z.enum(["pending_upload", "queued", "processing", "completed", "failed"]),
  generation: z.number(),
  tags: z.array(z.string()),
  visibility: visibilitySchema,
  publicDownload: z.boolean(),
  origin: originSchema,
  description: z.string(),
  chapters: chaptersSchema,
  revision: z.number(),
  seq: z.coerce.number(),
  duration: z.number().nullable(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  poster: storedObjectSchema.nullable(),
  posters: z.array(storedObjectSchema),
  posterIndex: z.number(),
  posterChange: posterChangeRow.nullable(),
  captions: shownCaptionsRow,
  profile: profileSchema,
  quality: z
    .object({
      renditions: z.array(
        z.object({ name: z.string(), size: z.number(), bitrate: z.number(), ssim: z.number().nullable() }),
      ),
    })
    .nullable(),
  notes: z.array(mediaNoteSchema),
  /** By audio track. */
  loudness: z.record(z.string(), z.number().nullable()),
  views: z.coerce.number(),
  cpuSeconds: z.number(),
  wallSeconds: z.number(),
  rungs: planSchema.shape.rungs.nullable(),
  grid: planSchema.shape.grid.nullable(),
  audio: z.array(audioTrackSchema).nullable(),
  sourceCodec: z.string().nullable(),
  sourceBitDepth: z.number().nullable(),
  sourceFrameRate: z.number().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  completedAt: z.string().nullable(),
  queuePosition: z.coerce.number().nullable(),
  playable: z.boolean(),
  doneFrames: z.coerce.number(),
  /** While the video is processed: all tasks except waiting and succeeded chunks, so never many. */
  tasks: z.array(taskRow).nullable(),
});
export type VideoRow = z.infer<typeof rowSchema>;
export type TaskRow = z.infer<typeof taskRow>;

/** Adds the columns for callers who show the processing itself. */
const workRow = rowSchema.extend({
  encodedAudio: z.array(audioRow).nullable(),
  /** First frame of the first missing chunk; null if none is missing, or none is planned. */
  openFrame: z.number().nullable(),
  chunkCount: z.number().nullable(),
  /** All chunks, or those requested, in order. */
  chunks: z.array(taskRow).nullable(),
});
export type WorkRow = z.infer<typeof workRow>;

/** Columns that only a video's own page shows. */
type DetailColumn =
  | (
      | "posters"
      | "posterIndex"
      | "posterChange"
      | "captions"
      | "profile"
      | "notes"
      | "loudness"
      | "cpuSeconds"
      | "wallSeconds"
    )
  | ("description" | "chapters" | "views")
  | ("sourceCodec" | "sourceBitDepth" | "sourceFrameRate");
/** What lists show. Of finished videos they omit most of the plan, which is the largest part of a row. */
export type ShownRow = Omit<VideoRow, DetailColumn>;
/** What events show. */
export type ShownWorkRow = Omit<WorkRow, DetailColumn>;

const taskList = sql`jsonb_agg(jsonb_build_object('kind', tasks.kind, 'index', tasks.index, 'firstFrame', tasks.first_frame,
      'frames', tasks.frames, 'state', tasks.state, 'progress', tasks.progress, 'worker', tasks.worker,
      'speed', tasks.speed, 'failures', tasks.failures) ORDER BY tasks.index)`;

/** The condition, on `tasks`, that it is a chunk of the current generation of `videos`. */
const ofChunk = sql`tasks.video_id = videos.id AND tasks.generation = videos.generation AND tasks.kind = 'encode'`;

/** Whether the video, or at least its beginning, can be played. */
export const isPlayable: SQL = sql`(videos.status = 'completed'
  OR (videos.status = 'processing' AND videos.playable_at IS NOT NULL))`;

const shownColumns = sql`
  videos.id, videos.owner_id AS "ownerId", owners.email AS "ownerEmail", videos.title, videos.filename, videos.size,
  videos.tags, videos.visibility, videos.public_download AS "publicDownload", videos.origin,
  videos.status, videos.generation, videos.seq, videos.revision, videos.duration, videos.width, videos.height,
  videos.error_code AS "errorCode", videos.error_message AS "errorMessage",
  videos.posters -> videos.poster_index AS poster, videos.quality, videos.plan -> 'rungs' AS rungs,
  ${iso(sql`videos.created_at`)} AS "createdAt", ${iso(sql`videos.updated_at`)} AS "updatedAt",
  ${iso(sql`videos.completed_at`)} AS "completedAt",
  queue.position AS "queuePosition",
  ${isPlayable} AS playable,
  videos.done_frames AS "doneFrames",
  CASE WHEN videos.status = 'processing' THEN (
    SELECT ${taskList} FROM (
      SELECT * FROM tasks WHERE video_id = videos.id AND generation = videos.generation
        AND kind IN ('plan', 'audio', 'finish')
      UNION ALL
      SELECT * FROM tasks WHERE video_id = videos.id AND generation = videos.generation
        AND kind = 'encode' AND state IN ('queued', 'running')
    ) AS tasks
  ) END AS tasks`;

/** Adds what progress is calculated from, while the video is processed. */
export const listColumns = sql`${shownColumns},
  CASE WHEN videos.status = 'processing' THEN videos.plan -> 'grid' END AS grid,
  CASE WHEN videos.status = 'processing' THEN videos.plan #> '{source,audio}' END AS audio`;

const detailColumns = sql`${shownColumns}, videos.description, ${shownChapters} AS chapters,
  (SELECT coalesce(sum(plays.views), 0) FROM plays WHERE plays.video_id = videos.id) AS views,
  videos.posters, videos.poster_index AS "posterIndex", videos.poster_change AS "posterChange", ${shownCaptions} AS captions, videos.profile, videos.notes,
  videos.loudness, videos.cpu_seconds AS "cpuSeconds", videos.wall_seconds AS "wallSeconds",
  videos.plan -> 'grid' AS grid, videos.plan #> '{source,audio}' AS audio, videos.plan #>> '{source,codec}' AS "sourceCodec",
  (videos.plan #>> '{source,bitDepth}')::int AS "sourceBitDepth",
  (videos.plan #>> '{source,ownFrameRate}')::float8 AS "sourceFrameRate"`;

/**
 * While a video is processed: its audio so far, its first missing frame, its number of chunks, and the chunks
 * that `which` selects.
 */
const workColumns = (which: SQL) => sql`
  CASE WHEN videos.status = 'processing' THEN (
    SELECT jsonb_agg(of_track) FROM (
      SELECT rendition, count(*) AS pieces, max(index) + 1 AS reach, sum(frames) AS frames
      FROM media_objects WHERE video_id = videos.id AND generation = videos.generation AND rendition LIKE 'audio-%'
      GROUP BY rendition
    ) AS of_track
  ) END AS "encodedAudio",
  CASE WHEN videos.status = 'processing' THEN least(
    (SELECT first_frame FROM tasks WHERE ${ofChunk} AND state = 'waiting' ORDER BY index LIMIT 1),
    (SELECT min(first_frame) FROM tasks WHERE ${ofChunk} AND state IN ('queued', 'running'))
  ) END AS "openFrame",
  CASE WHEN videos.status = 'processing' THEN
    coalesce((SELECT index + 1 FROM tasks WHERE ${ofChunk} ORDER BY index DESC LIMIT 1), 0) END AS "chunkCount",
  CASE WHEN videos.status = 'processing' THEN (
    SELECT ${taskList} FROM (${which}) AS tasks
  ) END AS chunks`;

/** Positions in the queue, counted once for all of `found`: up to the last of them that is queued. */
const queueUntil = sql`SELECT id, row_number() OVER (ORDER BY queued_at, id) AS position FROM videos
  WHERE status = 'queued' AND (queued_at, id) <= (
    SELECT queued_at, id FROM found WHERE status = 'queued' ORDER BY queued_at DESC, id DESC LIMIT 1)`;

/** Selects the columns only for the rows of `found`, named `videos`: a list must not compute them for all. */
export const select = (found: SQL, columns: SQL) => sql`
  WITH found AS MATERIALIZED (${found}), queue AS (${queueUntil})
  SELECT ${columns} FROM found AS videos JOIN users AS owners ON owners.id = videos.owner_id
  LEFT JOIN queue ON queue.id = videos.id`;

/** One video under `scope` (see `db/scope`), or undefined. */
export async function readVideo(db: Db, scope: SQL, id: string): Promise<ShownRow | undefined> {
  if (!isPlainId(id)) return undefined;
  const found = sql`SELECT * FROM videos WHERE videos.id = ${id} AND ${scope}`;
  const [row] = await readRows<ShownRow>(db, select(found, listColumns));
  return row;
}

/** The same, with everything that the video's own page shows, and all its chunks. */
export async function readWork(db: Db, scope: SQL, id: string): Promise<WorkRow | undefined> {
  if (!isPlainId(id)) return undefined;
  const found = sql`SELECT * FROM videos WHERE videos.id = ${id} AND ${scope}`;
  const work = workColumns(sql`SELECT * FROM tasks WHERE ${ofChunk}`);
  const [row] = await readRows(db, select(found, sql`${detailColumns}, ${work}`));
  return row === undefined ? undefined : workRow.parse(row);
}

/** The existing ones among `changed`, of any owner, unordered, with their released and their named chunks. */
export function readChanged(
  db: Db,
  changed: readonly { id: string; chunks: readonly number[] }[],
): Promise<ShownWorkRow[]> {
  const known = changed.filter(({ id }) => isPlainId(id));
  const ids = json(known.map(({ id }) => id));
  const chunks = json(Object.fromEntries(known.map(({ id, chunks }) => [id, chunks])));
  const found = sql`SELECT * FROM videos
    WHERE videos.id IN (SELECT jsonb_array_elements_text(${ids})) AND ${everybodys()}`;
  const work = workColumns(sql`SELECT * FROM tasks WHERE ${ofChunk} AND state IN ('queued', 'running')
    UNION SELECT * FROM tasks WHERE ${ofChunk} AND index IN (SELECT jsonb_array_elements_text(${chunks} -> videos.id)::int)`);
  return readRows(db, select(found, sql`${listColumns}, ${work}`));
}
