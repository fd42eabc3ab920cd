/** Fills tables as a large library has them, for tests of query plans. */
import type pg from "pg";

/** Tables that grow with the videos. Tables that stay small may be read in full. */
export const LARGE = [
  "videos",
  "tasks",
  "media_objects",
  "events",
  "outbox",
  "sessions",
  "attempts",
  "video_tags",
  "audit",
  "webhook_deliveries",
  "webhook_events",
  "users",
  "visits",
  "plays",
  "audience_days",
  "usage_days",
  "imports",
  "link_uploads",
  "upload_links",
  "upload_parts",
  "idempotency_keys",
  "shares",
];

const VIDEOS = 40_000;
export const BACKLOG = 20_000;
/** Videos per statement: like any open transaction, a long one would delay the events of concurrent tests. */
const BATCH = 2_000;

/** Rows of every fourth video: enough for an index to be the better way. */
const ofEveryFourth = [
  `INSERT INTO visits (video_id, session, day, device, watched_ms, last_ms)
   SELECT 'v' || n, 's', current_date + 10, 'desktop', 10000, 0`,
  "INSERT INTO plays (video_id, day, views) SELECT 'v' || n, current_date, 1",
  `INSERT INTO audience_days (video_id, day, views, viewers, watched_ms, stall_ms, ended, counts)
   SELECT 'v' || n, current_date - 1, 1, 1, 10000, 0, 0, '{}'`,
  "INSERT INTO usage_days (owner_id, day) SELECT 'u' || (n % 400 + 1), current_date - n / 400",
  "INSERT INTO imports (video_id) SELECT 'v' || n",
  "INSERT INTO link_uploads (video_id, link_id) SELECT 'v' || n, 'l' || n / 4",
  "INSERT INTO part_uploads (video_id) SELECT 'v' || n",
  "INSERT INTO upload_parts (video_id, number, size, etag) SELECT 'v' || n, 1, 1, 'e'",
  `INSERT INTO idempotency_keys (credential, key_hash, request_hash, lease, leased_until)
   SELECT 'c' || n, 'k' || n, 'r', 'l', now()`,
  "INSERT INTO shares (id, video_id, token_hash, token_sealed) SELECT 'sh' || n, 'v' || n, 'h' || n, ''",
].map((statement) => `${statement} FROM generate_series($1::int, $2::int) n WHERE n % 4 = 0`);

/** 400 accounts with 100 videos each and their rows; nearly all finished long ago, as in any library. */
export async function fillTables(pool: pg.Pool): Promise<void> {
  await pool.query(
    `INSERT INTO users (id, email, password_hash, search_text)
     SELECT 'u' || n, 'u' || n || '@example.test', '', '' FROM generate_series(1, 400) n`,
  );
  // Accounts that never stored anything: as many as a sweep must not look at.
  await pool.query(
    `INSERT INTO users (id, email, password_hash, search_text)
     SELECT 'idle' || n, 'idle' || n || '@example.test', '', '' FROM generate_series(1, 20000) n`,
  );
  await pool.query(
    `INSERT INTO upload_links (id, owner_id, token_hash, token_sealed, max_uploads, expires_at)
     SELECT 'l' || n, 'u' || (n % 400 + 1), 'h' || n, '', 1000, now() + interval '1 day' FROM generate_series(1, 10000) n`,
  );
  const statements = [
    `INSERT INTO videos (id, owner_id, title, title_key, filename, search_text, tags, duration, size, status, generation, queued_at,
       created_at, updated_at)
     SELECT 'v' || n, 'u' || (n % 400 + 1), 't', 't' || n, 'f', 't f',
       CASE WHEN n % 9 = 0 THEN '["often", "rare"]'::jsonb ELSE '["often"]' END, n, n,
       CASE WHEN n % 400 = 1 THEN 'processing' WHEN n % 400 = 2 THEN 'queued' WHEN n % 400 = 3 THEN 'deleting' ELSE 'completed' END,
       1, now() - n * interval '1 minute', now() - n * interval '1 minute', now() - n * interval '1 minute'
     FROM generate_series($1::int, $2::int) n`,
    `WITH made AS (
       INSERT INTO tasks (video_id, generation, kind, index, state, first_frame, frames)
       SELECT 'v' || n, 1, 'encode', i, CASE WHEN n % 400 = 1 AND i > 1 THEN 'waiting' ELSE 'succeeded' END, i * 100, 100
       FROM generate_series($1::int, $2::int) n, generate_series(0, 2) i RETURNING id, index)
     INSERT INTO outbox (task_id, sent_at) SELECT id, now() - random() * interval '40 minutes' FROM made WHERE index = 0`,
    `INSERT INTO media_objects (video_id, generation, rendition, index, attempt, key, size, etag, init_length, init_hash, codecs,
       timescale, segments, frames)
     SELECT 'v' || n, 1, '720p', i, 1, 'k' || n || i, 1, 'e', 1, 'h', 'c', 25, '[]', 100
     FROM generate_series($1::int, $2::int) n, generate_series(0, 2) i`,
    `INSERT INTO events (video_id, owner_id, seq, type, at) SELECT 'v' || n, 'u' || (n % 400 + 1), 1, 'video.completed',
       now() - n * interval '1 minute' FROM generate_series($1::int, $2::int) n`,
    `INSERT INTO sessions (id, user_id, expires_at, ended_at) SELECT 's' || n, 'u' || (n % 400 + 1), now() + interval '20 days',
       CASE WHEN n % 9 = 0 THEN now() END FROM generate_series($1::int, $2::int) n`,
    `INSERT INTO audit (at, actor_kind, actor_id, action, target_kind, target_id, owner_id)
     SELECT now() - n * interval '1 minute', 'user', 'u' || (n % 400 + 1), 'session.ended', 'session', 's' || n,
       'u' || (n % 400 + 1) FROM generate_series($1::int, $2::int) n`,
    ...ofEveryFourth,
    `INSERT INTO attempts (subject, window_start, count) SELECT 'a' || n, now(), 1 FROM generate_series($1::int, $2::int) n`,
  ];
  for (let from = 1; from <= VIDEOS; from += BATCH)
    for (const statement of statements) await pool.query(statement, [from, from + BATCH - 1]);
  await fillWebhooks(pool);
  await pool.query("VACUUM ANALYZE");
}

/** Five endpoints of each account: one is deaf and has a backlog, one has a delivery due after all of those, others have nothing to do. */
async function fillWebhooks(pool: pg.Pool): Promise<void> {
  for (const statement of [
    `INSERT INTO webhooks (id, owner_id, url, secret_sealed)
     SELECT 'w' || u || '-' || n, 'u' || u, 'https://example.org', '' FROM generate_series(1, 400) u, generate_series(1, 5) n`,
    `INSERT INTO webhook_events (id, type, at) SELECT 'e' || n, 'webhook.test', now() - n * interval '1 second'
     FROM generate_series(1, ${BACKLOG}) n`,
    `INSERT INTO webhook_deliveries (id, webhook_id, event_id, next_attempt_at, created_at)
     SELECT 'd' || n, 'w7-3', 'e' || n, now() - n * interval '1 second', now() - n * interval '1 second'
     FROM generate_series(1, ${BACKLOG}) n`,
    "INSERT INTO webhook_deliveries (id, webhook_id, event_id) VALUES ('last', 'w9-1', 'e1')",
  ])
    await pool.query(statement);
}
