/**
 * The CTE that writes media objects for the task in `reported`. They are pinned: a second attempt for the same
 * index changes nothing.
 */
import { type SQL, sql } from "drizzle-orm";

/** `objects` holds the newly inserted rows. `media` is a jsonb array of checked objects. */
export const insertMedia = (media: SQL): SQL => sql`objects AS (
      INSERT INTO media_objects (video_id, generation, rendition, index, attempt, key, size, etag, init_length, init_hash,
        codecs, timescale, segments, frames)
      SELECT reported.video_id, reported.generation, object.rendition, object.index, object.attempt, object.key, object.size,
        object.etag, object."initLength", object."initHash", object.codecs, object.timescale, object.segments,
        object.frames
      FROM reported, jsonb_to_recordset(${media}) AS object(rendition text, index int, attempt int, key text, size bigint, etag text,
        "initLength" int, "initHash" text, codecs text, timescale int, segments jsonb, frames int)
      ON CONFLICT DO NOTHING
      RETURNING video_id, size
    )`;
