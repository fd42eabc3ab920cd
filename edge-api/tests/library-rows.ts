/** Writes a large library as rows, as years of videos would leave them; for measurements and query plans. */
import type pg from "pg";
import { searchTextOf } from "../src/db/lists/search-text.ts";
import { planOf } from "./support/worker.ts";

export type Library = {
  videos: number;
  users: number;
  /** An existing account; its own videos are scattered among the others. */
  ownerId: string;
  own: number;
  /** This many of the newest have tasks, objects and events. */
  withWork: number;
};

/** Words of titles; each of the first words occurs in about 1 of 50 videos. */
const WORDS = ["birthday", "concert", "garden", "harbour", "interview", "lecture", "mountain", "wedding"];
/** Occurs in a third of all titles. */
export const FREQUENT = "holiday";
/** Occurs in one of 5,000. */
export const RARE = "zeppelin";
const RARE_EVERY = 5_000;
const BATCH = 50_000;

const encoded = (character: string) => searchTextOf([character]).trim();

/** The `i`-th title, and the search text from it and its file's name, as SQL over `i`. */
const TITLE = `CASE WHEN i % 3 = 0 THEN '${FREQUENT} ' ELSE '' END || CASE WHEN i % ${RARE_EVERY} = 77 THEN '${RARE} ' ELSE '' END
  || (ARRAY['${WORDS.join("','")}'])[1 + i % ${WORDS.length}] || ' ' || chr(97 + i % 26) || chr(97 + i / 26 % 26) || chr(97 + i / 676 % 26)
  || chr(97 + i / 17576 % 26)`;
const SEARCH_TEXT = `' ' || title || ' clip${encoded("_")}' || i || '${encoded(".")}mp4 cl ' || left(i::text, 2) || ' mp '
  || left(title, 2)`;

const object = (name: string) =>
  `jsonb_build_object('key', 'processed/' || id || '/${name}', 'size', 80000, 'etag', 'e')`;

/**
 * One in 50 failed, one in 100 is not uploaded, one in 1,000 queued, one processing; the rest is completed. Of
 * the first thousand more, so that pages of a small library are as full as those of a large one.
 */
const STATUS = `CASE WHEN i <= 1000 AND i % 8 = 1 THEN 'failed' WHEN i <= 1000 AND i % 8 = 3 THEN 'processing'
  WHEN i <= 1000 AND i % 8 = 5 THEN 'queued' WHEN i % 50 = 7 THEN 'failed' WHEN i % 100 = 11 THEN 'pending_upload' WHEN i % 1000 = 13 THEN 'queued'
  WHEN i % 1000 = 17 THEN 'processing' ELSE 'completed' END`;

/** Fills an empty library. Analyzes and vacuums the tables, as autovacuum would have done by then. */
export async function fillLibrary(database: pg.Client | pg.Pool, library: Library): Promise<void> {
  const { videos, users, ownerId, own, withWork } = library;
  await database.query(
    `INSERT INTO users (id, email, name, password_hash, search_text, created_at)
     SELECT 'u' || i, 'user' || i || '@example.test', 'Person ' || i, '',
       ' user' || i || '${encoded("@")}example${encoded(".")}test person ' || i || ' us ex te pe',
       timestamptz '2020-01-01' + i * interval '1 minute'
     FROM generate_series(1, $1::int) AS i`,
    [users],
  );
  const indexes = await dropIndexes(database);
  const { chunks: _, ...plan } = planOf(1);
  for (let from = 1; from <= videos; from += BATCH) {
    await database.query(
      `INSERT INTO videos (id, owner_id, title, filename, search_text, title_key, size, status, generation, plan, duration, width, height,
         posters, mp4, quality, stored_bytes, created_at, queued_at, completed_at, ticket_expires_at)
       SELECT id, CASE WHEN i::bigint * 7919 % 104729 % $5::int = 0 THEN $3 ELSE 'u' || (1 + i % $4::int) END, title, 'clip_' || i || '.mp4',
         ${SEARCH_TEXT}, title, 50000000, status, 1, CASE WHEN status IN ('completed', 'processing') THEN $6::jsonb END, 60, 1280, 720,
         CASE WHEN status = 'completed' THEN jsonb_build_array(${object("poster-0.jpg")}, ${object("poster-1.jpg")}) ELSE '[]' END,
         CASE WHEN status = 'completed' THEN ${object("video.mp4")} END,
         CASE WHEN status = 'completed' THEN $7::jsonb END, 80000000, made_at, made_at, made_at,
         CASE WHEN status = 'pending_upload' THEN now() + interval '1 day' END
       FROM (
         SELECT i, 'v' || i AS id, ${TITLE} AS title, ${STATUS} AS status,
           timestamptz '2020-01-01' + i * interval '1 minute' AS made_at
         FROM generate_series($1::int, $2::int) AS i
       ) AS made`,
      [
        from,
        Math.min(videos, from + BATCH - 1),
        ownerId,
        users,
        Math.max(1, Math.floor(videos / own)),
        JSON.stringify(plan),
        JSON.stringify({
          renditions: plan.rungs.map(({ name }) => ({
            name,
            size: 9_000_000,
            bitrate: 2_000_000,
            ssim: 0.98,
          })),
        }),
      ],
    );
  }
  for (const index of indexes) await database.query(index);
  await fillWork(database, videos - withWork);
  for (const table of ["users", "videos", "tasks", "media_objects", "events"])
    await database.query(`VACUUM ANALYZE ${table}`);
}

/** Drops the indexes of `videos` and returns how to make them again: a million rows are written before, not into them. */
async function dropIndexes(database: pg.Client | pg.Pool): Promise<string[]> {
  const { rows } = await database.query<{ name: string; definition: string }>(
    "SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = 'videos' AND indexname <> 'videos_pkey'",
  );
  for (const { name } of rows) await database.query(`DROP INDEX ${name}`);
  return rows.map(({ definition }) => definition);
}

/** Tasks, objects and events of the videos after the `after`-th. */
async function fillWork(database: pg.Client | pg.Pool, after: number): Promise<void> {
  const newest = `videos WHERE status IN ('completed', 'processing') AND substr(videos.id, 2)::int > $1`;
  await database.query(
    `INSERT INTO tasks (video_id, generation, kind, index, state, published_at, finished_at)
     SELECT videos.id, 1, kind, index, CASE WHEN status = 'completed' THEN 'succeeded' ELSE state END, now(), now()
     FROM (SELECT * FROM ${newest}) AS videos CROSS JOIN (VALUES ('plan', 0, 'succeeded'), ('encode', 0, 'succeeded'),
       ('encode', 1, 'running'), ('encode', 2, 'waiting'), ('audio', 0, 'running')) AS work(kind, index, state)`,
    [after],
  );
  await database.query(
    `INSERT INTO media_objects (video_id, generation, rendition, index, attempt, key, size, etag, init_length, init_hash, codecs,
       timescale, segments, frames)
     SELECT videos.id, 1, rendition, index, 1, 'processed/' || videos.id || '/' || rendition || '/' || index, 1000, 'e', 900, 'h',
       'avc1.64001f', 12800, '[{"offset": 900, "length": 1000, "duration": 51200}]', 100
     FROM (SELECT * FROM ${newest}) AS videos CROSS JOIN (VALUES ('720p'), ('360p'), ('audio-0')) AS list(rendition)
     CROSS JOIN generate_series(0, 1) AS index`,
    [after],
  );
  await database.query(
    `INSERT INTO events (video_id, owner_id, seq, type, at)
     SELECT videos.id, owner_id, seq, type, now() FROM (SELECT * FROM ${newest}) AS videos
     CROSS JOIN (VALUES ('video.created'), ('video.planned'), ('video.completed')) AS happened(type)`,
    [after],
  );
}
