/** Reads videos as the API shows them: one statement for a video or a page, always under a scope. */
import { mediaNoteSchema } from "@storagex/contract/media/note";
import { TASK_KINDS } from "@storagex/contract/tasks/kinds";
import { audioTrackSchema, planSchema } from "@storagex/contract/tasks/plan";
import { profileSchema } from "@storagex/contract/videos/profile";
import {
  chaptersSchema,
  importProgressSchema,
  metadataSchema,
  originSchema,
  visibilitySchema,
} from "@storagex/contract/videos/video-fields";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { shownCaptions, shownCaptionsRow } from "../captions/shown.ts";
import { type Db, queryKeyed, readRows } from "../db/connect.ts";
import { eachOf, type KeyedRead, placeOf } from "../db/keyed.ts";
import { KnownRows, versionOf } from "../db/known-rows.ts";
import { everybodys, isVisibleToKey, type Reader, type VideoKey, videoKey, visibleTo } from "../db/scope.ts";
import { storedObjectSchema } from "../db/stored-object.ts";
import { iso, isPlainId, json } from "../db/text.ts";
import { hasSource, isProcessed } from "../lifecycle/needed.ts";
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
  /** Whether the parts that it needs have arrived. */
  uploaded: z.boolean(),
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
  uploaded: z.coerce.number(),
  status: z.enum(["pending_upload", "queued", "processing", "completed", "failed"]),
  generation: z.number(),
  tags: z.array(z.string()),
  externalId: z.string().nullable(),
  metadata: metadataSchema,
  visibility: visibilitySchema,
  publicDownload: z.boolean(),
  origin: originSchema,
  import: importProgressSchema.nullable(),
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
export type WorkRow = z.infer<typeof workRow> & { views: number };

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
  | ("description" | "metadata" | "chapters")
  | ("sourceCodec" | "sourceBitDepth" | "sourceFrameRate");
/** What lists show. Of finished videos they omit most of the plan, which is the largest part of a row. */
export type ShownRow = Omit<VideoRow, DetailColumn>;
/** What events show. */
export type ShownWorkRow = Omit<WorkRow, DetailColumn>;

/** Of a task of `videos`. */
const isUploaded = sql`(videos.status <> 'pending_upload' OR tasks.needs IS NULL OR EXISTS (SELECT 1 FROM part_uploads
      WHERE part_uploads.video_id = videos.id AND tasks.needs <@ part_uploads.arrived))`;

const taskList = sql`jsonb_agg(jsonb_build_object('kind', tasks.kind, 'index', tasks.index, 'firstFrame', tasks.first_frame,
      'frames', tasks.frames, 'state', tasks.state, 'progress', tasks.progress, 'worker', tasks.worker,
      'speed', tasks.speed, 'failures', tasks.failures, 'uploaded', ${isUploaded}) ORDER BY tasks.index)`;

/** The condition, on `tasks`, that it is a chunk of the current generation of `videos`. */
const ofChunk = sql`tasks.video_id = videos.id AND tasks.generation = videos.generation AND tasks.kind = 'encode'`;

/** Whether the video, or at least its beginning, can be played. */
export const isPlayable: SQL = sql`(videos.status = 'completed' OR (${isProcessed} AND videos.playable_at IS NOT NULL))`;

/** Of an import, whose row holds what is reserved until its size is known. */
const sizeColumn = sql`CASE WHEN videos.origin = 'import'
    THEN coalesce((SELECT imports.size FROM imports WHERE imports.video_id = videos.id), 0) ELSE videos.size END`;
const importColumn = sql`CASE WHEN videos.origin = 'import' THEN (
    SELECT jsonb_build_object('received', imports.received, 'size', imports.size) FROM imports WHERE imports.video_id = videos.id) END`;

/** Of a file that was refused during its upload, or of an import that failed, nothing is stored. */
const uploadedShare = sql`(CASE WHEN videos.status = 'pending_upload'
    THEN coalesce((SELECT sum(size) FROM upload_parts WHERE upload_parts.video_id = videos.id), 0) / greatest(videos.size, 1)::float8
    WHEN videos.status = 'failed' AND (videos.stored_bytes < videos.size
      OR (videos.origin = 'import' AND NOT ${hasSource})) THEN 0 ELSE 1 END)::float8`;

const shownColumns = sql`
  videos.id, videos.owner_id AS "ownerId", owners.email AS "ownerEmail", videos.title, videos.filename, ${sizeColumn} AS size,
  videos.tags, videos.external_id AS "externalId", videos.visibility, videos.public_download AS "publicDownload", videos.origin, ${importColumn} AS import,
  videos.status, videos.generation, videos.seq, videos.revision, videos.duration, videos.width, videos.height,
  videos.error_code AS "errorCode", videos.error_message AS "errorMessage",
  videos.posters -> videos.poster_index AS poster, videos.quality, videos.plan -> 'rungs' AS rungs,
  ${iso(sql`videos.created_at`)} AS "createdAt", ${iso(sql`videos.updated_at`)} AS "updatedAt",
  ${iso(sql`videos.completed_at`)} AS "completedAt",
  queue.position AS "queuePosition", ${uploadedShare} AS uploaded,
  ${isPlayable} AS playable,
  videos.done_frames AS "doneFrames",
  CASE WHEN ${isProcessed} THEN (
    SELECT ${taskList} FROM (
      SELECT * FROM tasks WHERE video_id = videos.id AND generation = videos.generation
        AND kind IN ('plan', 'audio', 'finish')
      UNION ALL
      SELECT * FROM tasks WHERE video_id = videos.id AND generation = videos.generation
        AND kind = 'encode' AND state IN ('queued', 'running')
    ) AS tasks
  ) END AS tasks`;

/** Adds what progress is calculated from, while the video is processed. */
const listColumns = sql`${shownColumns},
  CASE WHEN ${isProcessed} THEN videos.plan -> 'grid' END AS grid,
  CASE WHEN ${isProcessed} THEN videos.plan #> '{source,audio}' END AS audio`;

const detailColumns = sql`${shownColumns}, videos.description, videos.metadata, ${shownChapters} AS chapters,
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
  CASE WHEN ${isProcessed} THEN (
    SELECT jsonb_agg(of_track) FROM (
      SELECT rendition, count(*) AS pieces, max(index) + 1 AS reach, sum(frames) AS frames
      FROM media_objects WHERE video_id = videos.id AND generation = videos.generation AND rendition LIKE 'audio-%'
      GROUP BY rendition
    ) AS of_track
  ) END AS "encodedAudio",
  CASE WHEN ${isProcessed} THEN least(
    (SELECT first_frame FROM tasks WHERE ${ofChunk} AND state = 'waiting' ORDER BY index LIMIT 1),
    (SELECT min(first_frame) FROM tasks WHERE ${ofChunk} AND state IN ('queued', 'running'))
  ) END AS "openFrame",
  CASE WHEN ${isProcessed} THEN
    coalesce((SELECT index + 1 FROM tasks WHERE ${ofChunk} ORDER BY index DESC LIMIT 1), 0) END AS "chunkCount",
  CASE WHEN ${isProcessed} THEN (
    SELECT ${taskList} FROM (${which}) AS tasks
  ) END AS chunks`;

/** Positions in the queue, counted once for all of `found`: up to the last of them that is queued. */
const queueUntil = sql`SELECT id, row_number() OVER (ORDER BY queued_at, id) AS position FROM videos
  WHERE status = 'queued' AND (queued_at, id) <= (
    SELECT queued_at, id FROM found WHERE status = 'queued' ORDER BY queued_at DESC, id DESC LIMIT 1)`;

/** Selects the columns only for the rows of `found`, named `videos`: a list must not compute them for all. */
const select = (found: SQL, columns: SQL) => sql`
  WITH found AS MATERIALIZED (${found}), queue AS (${queueUntil})
  SELECT ${columns} FROM found AS videos JOIN users AS owners ON owners.id = videos.owner_id
  LEFT JOIN queue ON queue.id = videos.id`;

const isSettled = ({ status }: Pick<VideoRow, "status">) => status === "completed" || status === "failed";

/** Rows of videos in a final state, which depend on nothing else. */
const knownShown = new KnownRows<ShownRow & { version: string }>(5_000);
const knownWork = new KnownRows<WorkRow & { version: string }>(500);

/** A row of a page, and its key as a cursor holds it. Rows are shared: nobody may change them. */
export type PageRow = { row: ShownRow; at: string };
export type Place = { id: string; version: string; at: string };
/** The places of a page, null if `digest` is the one that was known. */
export type Places = { digest: string; places: Place[] | null };
/** A page as it was read. `digest` is null where a row may change by itself. Shared: nobody may change it. */
export type ReadPage = { ids: readonly string[]; rows: readonly PageRow[]; digest: string | null };
type Read = { places: Place[]; changed: (ShownRow & { version: string })[] };

/**
 * Selects the digest of the places that `page` selects (its columns as `readPage` says), and the places only if the
 * digest is not `known`; after `columns`, from `rest`, both of which may be empty.
 */
export const placesUnless = (
  page: SQL,
  known: SQL,
  { columns, from }: { columns: SQL; from: SQL } = { columns: sql``, from: sql`` },
): SQL => sql`SELECT ${columns} digest,
    CASE WHEN digest <> ${known} THEN (SELECT coalesce(json_agg(row_to_json(page)), '[]') FROM (${page}) AS page) END AS places
  FROM ${from} LATERAL (
    SELECT encode(sha256(convert_to(coalesce(string_agg(concat_ws(' ', id, version, at), ','), ''), 'UTF8')), 'base64') AS digest
    FROM (${page}) AS page) AS now`;

/**
 * The rows of a page, in its order. `page` selects `id`, `version` (`versionOf`) and `at`, the row's key as
 * text. Those of `last`, the same page as it was or may be, that have not changed since they were read here are not
 * read again: if all are known, `readPlaces`, which is given the known digest, tells whether anything changed. Returns
 * `last` itself if nothing did.
 */
export async function readPage(
  db: Db,
  page: SQL,
  last: ReadPage,
  readPlaces: (known: string) => Promise<Places | undefined> = async (known) =>
    (await readRows<Places>(db, placesUnless(page, sql`${known}::text`)))[0],
): Promise<ReadPage> {
  const now = last.digest === null ? undefined : await readPlaces(last.digest);
  if (now?.places === null) return last;
  const known = knownShown.among(db, last.ids);
  if (last.ids.length > 0 && known.size === last.ids.length) {
    const { digest = null, places } = now ?? (await readPlaces("")) ?? {};
    if (places?.every(({ id, version }) => known.get(id)?.version === version))
      return pageOf(places, known, digest);
  }
  const versions = json(Object.fromEntries([...known.values()].map(({ id, version }) => [id, version])));
  const found = sql`SELECT videos.*, page.version FROM page JOIN videos ON videos.id = page.id
    WHERE page.version IS DISTINCT FROM ${versions} ->> page.id`;
  const [read] = await readRows<Read>(
    db,
    sql`WITH page AS MATERIALIZED (${page})
      SELECT (SELECT coalesce(json_agg(row_to_json(page)), '[]') FROM page) AS places,
        (SELECT coalesce(json_agg(row_to_json(changed)), '[]')
          FROM (${select(found, sql`videos.version, ${listColumns}`)}) AS changed) AS changed`,
  );
  const { places = [], changed = [] } = read ?? {};
  for (const row of changed) if (isSettled(row)) knownShown.keep(db, row);
  return pageOf(places, new Map([...known, ...changed.map((row) => [row.id, row] as const)]), null);
}

function pageOf(
  places: readonly Place[],
  rows: ReadonlyMap<string, ShownRow>,
  digest: string | null,
): ReadPage {
  const found = places.flatMap(({ id, at }) => {
    const row = rows.get(id);
    return row ? [{ row, at }] : [];
  });
  return { ids: found.map(({ row }) => row.id), rows: found, digest };
}

const viewsOf = sql`(SELECT coalesce(sum(plays.views), 0) FROM plays WHERE plays.video_id = videos.id) AS views`;
const versionRow = z.object({ version: z.string(), views: z.coerce.number() });
const workWithVersion = workRow.extend(versionRow.shape);

const version = sql`${versionOf(sql`videos`)} AS version`;

const readVersions: KeyedRead<VideoKey> = (keys) => sql`SELECT ${placeOf} AS place, ${version}, ${viewsOf}
  FROM ${eachOf(keys)} JOIN videos ON videos.id = asked.key ->> 0 WHERE ${isVisibleToKey}`;

/** `readWork` for `reader`. A finished video that has not changed since it was last read here is not read again. */
export async function readWorkFor(db: Db, reader: Reader, id: string): Promise<WorkRow | undefined> {
  const known = knownWork.among(db, [id]).get(id);
  if (known) {
    const [now] = await queryKeyed(db, readVersions, videoKey(id, reader), versionRow);
    if (now?.version === known.version) return now.views === known.views ? known : { ...known, ...now };
  }
  return readWork(db, visibleTo(reader), id);
}

/**
 * One video under `scope` (see `db/scope`) with everything that its own page shows, and all its chunks; or
 * undefined.
 */
export async function readWork(db: Db, scope: SQL, id: string): Promise<WorkRow | undefined> {
  if (!isPlainId(id)) return undefined;
  const found = sql`SELECT videos.*, ${version} FROM videos WHERE videos.id = ${id} AND ${scope}`;
  const work = workColumns(sql`SELECT * FROM tasks WHERE ${ofChunk}`);
  const columns = sql`${detailColumns}, ${work}, videos.version, ${viewsOf}`;
  const [read] = await readRows(db, select(found, columns));
  if (read === undefined) return undefined;
  const row = workWithVersion.parse(read);
  if (isSettled(row)) knownWork.keep(db, row);
  return row;
}

/**
 * The video as it was when its row was kept; what is no column of it, such as the progress of tasks, as it is
 * now. `found` selects that one row. Undefined if there is none.
 */
export async function readSnapshot(db: Db, found: SQL): Promise<WorkRow | undefined> {
  const work = workColumns(sql`SELECT * FROM tasks WHERE ${ofChunk}`);
  const [read] = await readRows(db, select(found, sql`${detailColumns}, ${work}, '' AS version, ${viewsOf}`));
  return read === undefined ? undefined : workWithVersion.parse(read);
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
