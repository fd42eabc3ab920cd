/** Reads videos with all that the API shows of them: one statement for one video or for a page, always under a scope. */
import { mediaNoteSchema } from "@storagex/contract/media-note";
import { profileSchema } from "@storagex/contract/profile";
import { audioTrackSchema, chunkSchema, planSchema, TASK_KINDS } from "@storagex/contract/task";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, query } from "../db/connect.ts";
import { cursorMoment, isAfter, readCursor, writeCursor } from "../db/cursor.ts";
import { everybodys } from "../db/scope.ts";
import { shownCaptions, shownCaptionsRow } from "../db/shown-captions.ts";
import { anyContains, iso, isPlainId } from "../db/text.ts";

const objectSchema = z.object({ key: z.string(), size: z.number(), etag: z.string() });
const taskRow = z.object({
  kind: z.enum(TASK_KINDS),
  index: z.number(),
  state: z.enum(["waiting", "queued", "running", "succeeded", "failed", "cancelled"]),
  progress: z.number(),
  worker: z.string().nullable(),
  speed: z.number().nullable(),
  failures: z.number(),
});
const soundRow = z.object({
  rendition: z.string(),
  pieces: z.number(),
  /** One more than the highest index: equal to `pieces` where nothing is missing in between. */
  reach: z.number(),
  frames: z.number(),
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
  seq: z.coerce.number(),
  duration: z.number().nullable(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  poster: objectSchema.nullable(),
  posters: z.array(objectSchema),
  posterIndex: z.number(),
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
  cpuSeconds: z.number(),
  wallSeconds: z.number(),
  rungs: planSchema.shape.rungs.nullable(),
  grid: planSchema.shape.grid.nullable(),
  chunks: z.array(chunkSchema).nullable(),
  audio: z.array(audioTrackSchema).nullable(),
  sourceCodec: z.string().nullable(),
  sourceBitDepth: z.number().nullable(),
  sourceFrameRate: z.number().nullable(),
  createdAt: z.string(),
  cursorAt: z.string(),
  updatedAt: z.string(),
  completedAt: z.string().nullable(),
  queuePosition: z.coerce.number().nullable(),
  tasks: z.array(taskRow).nullable(),
  sound: z.array(soundRow).nullable(),
});
export type VideoRow = z.infer<typeof rowSchema>;
export type TaskRow = z.infer<typeof taskRow>;

const columns = sql`
  videos.id, videos.owner_id AS "ownerId", owners.email AS "ownerEmail", videos.title, videos.filename, videos.size,
  videos.status, videos.generation, videos.seq, videos.duration, videos.width, videos.height,
  videos.error_code AS "errorCode", videos.error_message AS "errorMessage",
  videos.posters -> videos.poster_index AS poster, videos.posters, videos.poster_index AS "posterIndex",
  ${shownCaptions} AS captions, videos.profile, videos.quality, videos.notes, videos.loudness,
  videos.cpu_seconds AS "cpuSeconds", videos.wall_seconds AS "wallSeconds",
  videos.plan -> 'rungs' AS rungs, videos.plan -> 'grid' AS grid,
  CASE WHEN videos.status = 'processing' THEN videos.plan -> 'chunks' END AS chunks,
  videos.plan #> '{source,audio}' AS audio, videos.plan #>> '{source,codec}' AS "sourceCodec",
  (videos.plan #>> '{source,bitDepth}')::int AS "sourceBitDepth",
  (videos.plan #>> '{source,ownFrameRate}')::float8 AS "sourceFrameRate",
  ${iso(sql`videos.created_at`)} AS "createdAt", ${iso(sql`videos.updated_at`)} AS "updatedAt",
  ${iso(sql`videos.completed_at`)} AS "completedAt",
  ${cursorMoment(sql`videos.created_at`)} AS "cursorAt",
  CASE WHEN videos.status = 'queued' THEN (
    SELECT count(*) + 1 FROM videos AS ahead
    WHERE ahead.status = 'queued' AND (ahead.queued_at, ahead.id) < (videos.queued_at, videos.id)
  ) END AS "queuePosition",
  CASE WHEN videos.status = 'processing' THEN (
    SELECT jsonb_agg(jsonb_build_object('kind', kind, 'index', index, 'state', state, 'progress', progress,
      'worker', worker, 'speed', speed, 'failures', failures) ORDER BY index)
    FROM tasks WHERE video_id = videos.id AND generation = videos.generation
  ) END AS tasks,
  CASE WHEN videos.status = 'processing' THEN (
    SELECT jsonb_agg(of_track) FROM (
      SELECT rendition, count(*) AS pieces, max(index) + 1 AS reach, sum(frames) AS frames
      FROM media_objects WHERE video_id = videos.id AND generation = videos.generation AND rendition LIKE 'audio-%'
      GROUP BY rendition
    ) AS of_track
  ) END AS sound`;

/** The columns of those in `found`, which goes by the name of videos: few rows, so that no list computes them for all. */
const select = (found: SQL) =>
  sql`SELECT ${columns} FROM (${found}) AS videos JOIN users AS owners ON owners.id = videos.owner_id`;

/** Newest first, as the index is: NULLS LAST too, though there are none, or PostgreSQL sorts instead. */
const newest = sql`ORDER BY videos.created_at DESC NULLS LAST, videos.id DESC NULLS LAST`;

/** One video under `scope` (see `db/scope`), or undefined. */
export async function readVideo(db: Db, scope: SQL, id: string): Promise<VideoRow | undefined> {
  if (!isPlainId(id)) return undefined;
  const [row] = await query(
    db,
    select(sql`SELECT * FROM videos WHERE videos.id = ${id} AND ${scope}`),
    rowSchema,
  );
  return row;
}

/** Those of `ids` that are there, of whichever owner, in any order. */
export function readVideos(db: Db, ids: readonly string[]): Promise<VideoRow[]> {
  const named = sql`SELECT jsonb_array_elements_text(${JSON.stringify(ids.filter(isPlainId))}::jsonb)`;
  return query(
    db,
    select(sql`SELECT * FROM videos WHERE videos.id IN (${named}) AND ${everybodys()}`),
    rowSchema,
  );
}

export type Listing = {
  limit: number;
  cursor?: string | undefined;
  status?: string | undefined;
  q?: string | undefined;
};

/** A page under `scope`, newest first. Throws `request.invalid` for a cursor that is not ours. */
export async function listVideos(
  db: Db,
  scope: SQL,
  { limit, cursor, status, q }: Listing,
): Promise<{ rows: VideoRow[]; nextCursor: string | null }> {
  const conditions = [scope];
  if (cursor !== undefined)
    conditions.push(isAfter(readCursor(cursor), sql`videos.created_at`, sql`videos.id`));
  if (status !== undefined) conditions.push(sql`videos.status = ${status}`);
  if (q) conditions.push(anyContains([sql`videos.title`, sql`videos.filename`], q));
  const found = await query(
    db,
    sql`${select(sql`SELECT * FROM videos WHERE ${sql.join(conditions, sql` AND `)} ${newest} LIMIT ${limit + 1}::int`)} ${newest}`,
    rowSchema,
  );
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const hasMore = found.length > limit && last !== undefined;
  return { rows, nextCursor: hasMore ? writeCursor({ at: last.cursorAt, id: last.id }) : null };
}
