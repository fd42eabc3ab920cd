/**
 * Removes objects that no row references. It removes only keys in our format, older than a day, of videos
 * that the database knows, and checks the rows after the listing. A video's row outlives its objects. If the
 * row is missing, the database does not belong to this bucket or is older: then nothing is removed, and the
 * log says so.
 */
import { outputName, parseKey } from "@storagex/contract/keys";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { json } from "../db/text.ts";
import { log } from "../observe/log.ts";
import { storageOf } from "../storage/s3.ts";

const GRACE_MS = 24 * 3600 * 1000;
/**
 * Pages of 1,000 objects, or of as many as the object store returns. A run stays short, and a million objects
 * are checked within a day and a half.
 */
const PAGES = 5;
/** Videos named in one log line. */
const NAMED = 10;
/** Checks a few pages of each area at `now` (milliseconds). Returns how many objects and uploads went. */
export async function sweepObjects(edge: Edge, now: number): Promise<number> {
  let removed = await sweepUploads(edge, now);
  const unknown = new Set<string>();
  for (const area of ["raw/", "processed/"])
    for (let page = 0; page < PAGES; page += 1) {
      const { orphans, isEnd } = await sweepArea(edge, area, now, unknown);
      removed += orphans;
      if (isEnd) break;
    }
  if (unknown.size > 0)
    log("error", "objects of videos that this database does not know are left alone", {
      videos: unknown.size,
      some: [...unknown].slice(0, NAMED).join(" "),
      see: "Restore in docs/operations.md",
    });
  return removed;
}

/** Checks the next page of an area. Adds the prefixes of videos without a row to `unknown`. */
async function sweepArea(
  edge: Edge,
  area: string,
  now: number,
  unknown: Set<string>,
): Promise<{ orphans: number; isEnd: boolean }> {
  const storage = storageOf(edge.config);
  const { objects: found, next } = await storage.list(area, await positionIn(edge, area));
  const old = found.filter(({ modified }) => now - modified.getTime() > GRACE_MS).map(({ key }) => key);
  const unused = await unusedOf(edge, old);
  for (const { key, known } of unused) if (!known) unknown.add(key.split("/", 3).join("/"));
  const orphans = unused.filter(({ known }) => known).map(({ key }) => key);
  await storage.remove(orphans);
  // Every attempt leaves its result for a day at most, so removed results are not logged. The position is
  // saved last: a page during which the database failed is checked again.
  await edge.db.execute(sql`INSERT INTO sweep_positions (area, after_key) VALUES (${area}, ${next ?? null})
    ON CONFLICT (area) DO UPDATE SET after_key = excluded.after_key`);
  const strays = orphans.filter((key) => !key.endsWith(`/${outputName.result}`));
  if (strays.length > 0) log("warn", "removed objects without a row", { count: strays.length });
  return { orphans: orphans.length, isEnd: !next };
}

const positionRow = z.object({ after: z.string().nullable() });

/**
 * The key after which the next listing of the area starts; undefined for its beginning. A row, as a process
 * may end long before it has seen a large bucket to its end, and several may take turns.
 */
async function positionIn({ db }: Edge, area: string): Promise<string | undefined> {
  const statement = sql`SELECT after_key AS after FROM sweep_positions WHERE area = ${area}`;
  const [row] = await query(db, statement, positionRow);
  return row?.after ?? undefined;
}

/**
 * Name of a video or audio object below its video's prefix. It identifies the row that would reference the
 * object, so that an index finds the row.
 */
const MEDIA = /^(?<generation>\d{1,9})\/[^/]+\/(?<rendition>[^/]+)-(?<index>\d{1,9})\.mp4$/;

/** A part of a source that is not put together yet. */
const PART = /^parts\/\d{5}$/;

const unusedRow = z.object({ key: z.string(), known: z.boolean() });

/**
 * Keys that no row references now, and whether their video is known at all. The source belongs to its video's
 * row, its parts only until they are put together. Unfinished tasks keep everything under their own prefix:
 * rows are written after objects, and the next attempt may adopt what an earlier one left. (If a video has no
 * MP4 yet, its comparison is NULL: hence IS NOT TRUE, not NOT.)
 */
export async function unusedOf({ db }: Edge, keys: readonly string[]): Promise<z.infer<typeof unusedRow>[]> {
  const parsed = keys.flatMap((key) => {
    const parts = parseKey(key);
    if (!parts) return [];
    const { videoId, rest, area } = parts;
    return [{ key, video: videoId, rest, area, part: PART.test(rest), ...MEDIA.exec(rest)?.groups }];
  });
  if (parsed.length === 0) return [];
  return query(
    db,
    sql`SELECT found.key, videos.id IS NOT NULL AS known
      FROM jsonb_to_recordset(${json(parsed)}) AS found(key text, video text, rest text, area text,
        part boolean, generation int, rendition text, index int)
      LEFT JOIN videos ON videos.id = found.video
      WHERE videos.id IS NULL OR (
        (found.area = 'raw' AND found.rest = 'source')
        OR (found.area = 'raw' AND found.part AND videos.source_etag IS NULL
          AND EXISTS (SELECT 1 FROM part_uploads WHERE part_uploads.video_id = videos.id))
        OR (found.area = 'raw' AND found.rest = 'poster' AND videos.poster_change ->> 'state' IN ('uploading', 'making'))
        OR EXISTS (SELECT 1 FROM media_objects AS media WHERE media.video_id = videos.id
          AND media.generation = found.generation AND media.rendition = found.rendition AND media.index = found.index
          AND media.key = found.key)
        OR videos.mezzanine ->> 'key' = found.key OR videos.mp4 ->> 'key' = found.key
        OR videos.posters @> jsonb_build_array(jsonb_build_object('key', found.key))
        OR videos.storyboard -> 'sheets' @> jsonb_build_array(jsonb_build_object('key', found.key))
        OR videos.captions @> jsonb_build_array(jsonb_build_object('key', found.key))
        OR EXISTS (SELECT 1 FROM tasks WHERE tasks.video_id = videos.id AND tasks.state IN ('queued', 'running')
          AND found.rest LIKE tasks.generation || '/' || tasks.id || '-%')
      ) IS NOT TRUE`,
    unusedRow,
  );
}

/** Aborts unfinished uploads of known videos, older than two days: their tickets expired after one. */
async function sweepUploads({ config, db }: Edge, now: number): Promise<number> {
  const storage = storageOf(config);
  const old = (await storage.listUploads("")).flatMap(({ key, uploadId, initiated }) => {
    const videoId = parseKey(key)?.videoId;
    return videoId && now - initiated.getTime() >= 2 * GRACE_MS ? [{ key, uploadId, videoId }] : [];
  });
  if (old.length === 0) return 0;
  const statement = sql`SELECT id FROM videos
    WHERE id IN (SELECT jsonb_array_elements_text(${json(old.map(({ videoId }) => videoId))}))`;
  const known = new Set((await query(db, statement, z.object({ id: z.string() }))).map(({ id }) => id));
  const ours = old.filter(({ videoId }) => known.has(videoId));
  for (const { key, uploadId } of ours) await storage.abortUpload(key, uploadId);
  return ours.length;
}
