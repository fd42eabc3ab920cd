/** Finds parts that have arrived since the last look, pins them, and says which parts to send next. */
import { type FoundParts, partCountOf, partLength } from "@storagex/contract/upload";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../../context.ts";
import { query } from "../../db/connect.ts";
import { json } from "../../db/text.ts";
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
 * Pins parts of the right length, each to the ETag that it was first seen with. Two calls at once pin each
 * part once; `complete` pins the rest, and from then on this pins nothing.
 */
async function pin({ db }: Edge, upload: OpenUpload, found: readonly StoredPart[]): Promise<StoredPart[]> {
  const whole = found.filter(({ partNumber, size }) => size === partLength(upload, partNumber));
  if (whole.length === 0) return [];
  const statement = sql`
    INSERT INTO upload_parts (video_id, number, size, etag)
    SELECT videos.id, part."partNumber", part.size, part.etag
    FROM videos, jsonb_to_recordset(${json(whole)}) AS part("partNumber" int, size bigint, etag text)
    WHERE videos.id = ${upload.id} AND videos.status = 'pending_upload'
    ON CONFLICT DO NOTHING RETURNING number AS "partNumber", size, etag`;
  const pinned = await query(db, statement, pinnedRow);
  return pinned.sort((a, b) => a.partNumber - b.partNumber);
}

/** What a plan reads first, if it has not arrived: the beginning, and the end, where cameras put the index. */
async function wantedParts({ db }: Edge, upload: OpenUpload): Promise<number[]> {
  const needed = [...new Set([1, partCountOf(upload)])];
  const statement = sql`SELECT number::int FROM upload_parts WHERE video_id = ${upload.id}
    AND number IN (SELECT value::int FROM jsonb_array_elements_text(${json(needed)}))`;
  const arrived = await query(db, statement, z.object({ number: z.number() }));
  return needed.filter((number) => !arrived.some((part) => part.number === number));
}
