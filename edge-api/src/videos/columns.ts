/** What is selected of `videos` for the rows (`rows.ts`): SQL fragments. */
import { type SQL, sql } from "drizzle-orm";
import { shownCaptions } from "../captions/shown.ts";
import { iso } from "../db/text.ts";
import { hasSource, isProcessed } from "../lifecycle/needed.ts";
import { shownChapters } from "./fields.ts";

/** Of a task of `videos`. */
const isUploaded = sql`(videos.status <> 'pending_upload' OR tasks.needs IS NULL OR EXISTS (SELECT 1 FROM part_uploads
      WHERE part_uploads.video_id = videos.id AND tasks.needs <@ part_uploads.arrived))`;

const taskList = sql`jsonb_agg(jsonb_build_object('kind', tasks.kind, 'index', tasks.index, 'firstFrame', tasks.first_frame,
      'frames', tasks.frames, 'state', tasks.state, 'progress', tasks.progress, 'worker', tasks.worker,
      'speed', tasks.speed, 'failures', tasks.failures + (tasks.store_away_since IS NOT NULL)::int, 'uploaded', ${isUploaded}) ORDER BY tasks.index)`;

/** The condition, on `tasks`, that it is a chunk of the current generation of `videos`. */
export const ofChunk = sql`tasks.video_id = videos.id AND tasks.generation = videos.generation AND tasks.kind = 'encode'`;

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
export const listColumns = sql`${shownColumns},
  CASE WHEN ${isProcessed} THEN videos.plan -> 'grid' END AS grid,
  CASE WHEN ${isProcessed} THEN videos.plan #> '{source,audio}' END AS audio`;

export const detailColumns = sql`${shownColumns}, videos.description, videos.metadata, ${shownChapters} AS chapters,
  videos.posters, videos.poster_index AS "posterIndex", videos.poster_change AS "posterChange", ${shownCaptions} AS captions, videos.profile, videos.notes,
  videos.loudness, videos.cpu_seconds AS "cpuSeconds", videos.wall_seconds AS "wallSeconds",
  videos.plan -> 'grid' AS grid, videos.plan #> '{source,audio}' AS audio, videos.plan #>> '{source,codec}' AS "sourceCodec",
  (videos.plan #>> '{source,bitDepth}')::int AS "sourceBitDepth",
  (videos.plan #>> '{source,ownFrameRate}')::float8 AS "sourceFrameRate"`;

/**
 * While a video is processed: its audio so far, its first missing frame, its number of chunks, and the chunks
 * that `which` selects.
 */
export const workColumns = (which: SQL) => sql`
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
export const select = (found: SQL, columns: SQL) => sql`
  WITH found AS MATERIALIZED (${found}), queue AS (${queueUntil})
  SELECT ${columns} FROM found AS videos JOIN users AS owners ON owners.id = videos.owner_id
  LEFT JOIN queue ON queue.id = videos.id`;
