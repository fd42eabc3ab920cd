/** Finds parts that have arrived since the last look, pins them, and says which parts to send next. */

import type { FoundParts } from "@storagex/contract/uploads/upload";
import { partCountOf, partLength } from "@storagex/contract/uploads/upload-parts";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../../context.ts";
import { query } from "../../db/connect.ts";
import { json } from "../../db/text.ts";
import { lockVideo } from "../../lifecycle/needed.ts";
import { handOverSoon } from "../../outbox/outbox.ts";
import { releaseNext } from "../../results/fan-out.ts";
import type { StoredPart } from "../../storage/s3.ts";
import type { OpenUpload } from "../open-upload.ts";
import { listParts } from "./stored.ts";

/** Seconds between two looks at the parts of one video. */
const LOOK_SECONDS = 1;

const lookRow = z.object({ prefix: z.number() });
const pinnedRow = z.object({ partNumber: z.number(), size: z.coerce.number(), etag: z.string() });

/**
 * The parts found by this call, and those to send next. An upload that is a multipart of storage finds none:
 * its parts cannot be read before it is complete. Throws `storage.unavailable`.
 */
export async function findParts(edge: Edge, upload: OpenUpload): Promise<FoundParts> {
  if (!upload.inObjects) return { parts: [], wanted: [] };
  const prefix = await mayLook(edge, upload.id);
  const parts = prefix === null ? [] : await pin(edge, upload, await listParts(edge, upload, prefix));
  return { parts, wanted: await wantedParts(edge, upload) };
}

/**
 * The number of contiguous parts that are pinned from the first on: only what lies after them is listed. Null
 * if somebody has looked within the last second.
 */
async function mayLook({ db }: Edge, id: string): Promise<number | null> {
  const statement = sql`
    WITH look AS (
      UPDATE part_uploads SET looked_at = now() WHERE video_id = ${id}
        AND (looked_at IS NULL OR looked_at <= now() - ${LOOK_SECONDS}::int * interval '1 second')
      RETURNING video_id
    )
    SELECT coalesce((
      SELECT max(number) FROM (
        SELECT number, row_number() OVER (ORDER BY number) AS place FROM upload_parts WHERE video_id = look.video_id
      ) AS placed WHERE number = place
    ), 0)::int AS prefix FROM look`;
  const [look] = await query(db, statement, lookRow);
  return look?.prefix ?? null;
}

/**
 * Pins parts of the right length, each to the ETag that it was first seen with, begins the processing with the
 * first one, and releases what the new ones make possible. Two calls at once pin each part once; `complete`
 * pins the rest, and from then on this pins nothing.
 */
async function pin(edge: Edge, upload: OpenUpload, found: readonly StoredPart[]): Promise<StoredPart[]> {
  const { config, db } = edge;
  const { id } = upload;
  const whole = found.filter(({ partNumber, size }) => size === partLength(upload, partNumber));
  if (whole.length === 0) return [];
  const statement = sql`
    WITH pinned AS (
      INSERT INTO upload_parts (video_id, number, size, etag)
      SELECT videos.id, part."partNumber", part.size, part.etag
      FROM videos, jsonb_to_recordset(${json(whole)}) AS part("partNumber" int, size bigint, etag text)
      WHERE videos.id = ${id} AND videos.status = 'pending_upload'
      ON CONFLICT DO NOTHING RETURNING number, size, etag
    ), counted AS (
      UPDATE part_uploads SET arrived = arrived + more.numbers
      FROM (SELECT range_agg(int4range(number, number, '[]')) AS numbers FROM pinned) AS more
      WHERE video_id = ${id} AND more.numbers IS NOT NULL RETURNING arrived
    ), begun AS (
      UPDATE videos SET generation = 1, updated_at = now() FROM counted
      WHERE videos.id = ${id} AND videos.generation = 0 AND counted.arrived @> 1 AND ${config.STORAGEX_EARLY_START}::boolean
      RETURNING videos.id
    ), plan AS (
      INSERT INTO tasks (video_id, generation, kind, index, state, needs)
      SELECT id, 1, 'plan', 0, 'waiting', '{[1,2)}' FROM begun ON CONFLICT DO NOTHING
    )
    SELECT number AS "partNumber", size, etag FROM pinned`;
  const [, pinned] = await db.batch([
    db.execute(lockVideo(id)),
    db.execute(statement),
    db.execute(releaseNext(id, sql`(SELECT generation FROM videos WHERE id = ${id})`)),
  ]);
  const parts = z.array(pinnedRow).parse(pinned.rows);
  if (parts.length > 0) handOverSoon(edge);
  return parts.sort((a, b) => a.partNumber - b.partNumber);
}

/** Parts in one answer: a client asks again before it has sent so many. */
const MAX_WANTED = 20;
/** Waiting chunks whose parts are worth sending before others. */
const CHUNKS_AHEAD = 4;

/**
 * The missing parts that tasks need soonest. While there is no plan, the beginning and the end come first, where
 * cameras put the index.
 */
async function wantedParts({ db }: Edge, upload: OpenUpload): Promise<number[]> {
  const ends = [...new Set([1, partCountOf(upload)])];
  const statement = sql`
    WITH upload AS (
      SELECT videos.id, videos.generation, videos.plan IS NULL AS unplanned, part_uploads.arrived
      FROM videos JOIN part_uploads ON part_uploads.video_id = videos.id WHERE videos.id = ${upload.id}
    ), waiting AS (
      SELECT tasks.needs - upload.arrived AS missing, row_number() OVER (
        ORDER BY tasks.kind = 'plan' DESC, tasks.index, tasks.kind = 'encode' DESC) AS place
      FROM upload JOIN tasks ON tasks.video_id = upload.id AND tasks.generation = upload.generation
      WHERE tasks.state = 'waiting' AND NOT tasks.needs <@ upload.arrived
      ORDER BY place LIMIT ${CHUNKS_AHEAD}::int
    ), wanted AS (
      SELECT value::int AS number, 0 AS place FROM upload, jsonb_array_elements_text(${json(ends)})
      WHERE upload.unplanned AND NOT upload.arrived @> value::int
      UNION ALL
      SELECT number, place FROM waiting, unnest(missing) AS span, generate_series(lower(span), upper(span) - 1) AS number
    )
    SELECT number FROM wanted GROUP BY number ORDER BY min(place), number LIMIT ${MAX_WANTED}::int`;
  const wanted = await query(db, statement, z.object({ number: z.number() }));
  return wanted.map(({ number }) => number);
}
