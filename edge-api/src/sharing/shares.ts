/** Shares as their video's owner manages them: make, list, change, revoke. */
import {
  type ListedShare,
  MAX_SHARES,
  SHARE_PREFIX,
  type Share,
  type ShareRequest,
  type ShareUpdate,
} from "@storagex/contract/sharing";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { audited } from "../audit/record.ts";
import type { Config } from "../config.ts";
import type { Edge } from "../context.ts";
import { type Db, query } from "../db/connect.ts";
import { queryLocked } from "../db/lock.ts";
import { iso, isPlainId, json, oneLine } from "../db/text.ts";
import { countAttempt } from "../identity/attempts/attempts.ts";
import { inTurn } from "../identity/passwords/hash-turns.ts";
import { hashPassword } from "../identity/passwords/passwords.ts";
import { hashOf, newId, newToken } from "../keys/random.ts";
import { seal, unseal } from "../keys/sealed.ts";
import { problem } from "../problem/problem.ts";
import { requireSharing } from "./allowed.ts";

const shareRow = z.object({
  id: z.string(),
  tokenSealed: z.string(),
  label: z.string().nullable(),
  hasPassword: z.boolean(),
  allowDownload: z.boolean(),
  embedOrigins: z.array(z.string()),
  views: z.coerce.number(),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
});

/** The columns of a row of `from`, which has those of `shares`. */
const columnsOf = (from: string) => {
  const column = (name: string) => sql.raw(`${from}.${name}`);
  return sql`${column("id")}, ${column("token_sealed")} AS "tokenSealed", ${column("label")},
    ${column("password_hash")} IS NOT NULL AS "hasPassword", ${column("allow_download")} AS "allowDownload",
    ${column("embed_origins")} AS "embedOrigins", ${iso(column("created_at"))} AS "createdAt",
    ${iso(column("expires_at"))} AS "expiresAt",
    (SELECT coalesce(sum(plays.views), 0) FROM plays
      WHERE plays.video_id = ${column("video_id")} AND plays.share_id = ${column("id")}) AS views`;
};

/** Without its addresses where the key that sealed the token was removed. */
async function toShare(config: Config, row: z.infer<typeof shareRow>): Promise<ListedShare> {
  const { tokenSealed, ...shown } = row;
  const token = await unseal(config, tokenSealed);
  return { ...shown, ...(token === undefined ? { url: null, embedUrl: null } : addressesOf(config, token)) };
}

const addressesOf = ({ STORAGEX_PUBLIC_URL: base }: Config, token: string) => ({
  url: `${base}/s/${token}`,
  embedUrl: `${base}/embed/s/${token}`,
});

/** The account that asks, and the condition on the videos that it may change. */
type Asking = { by: string; scope: SQL };

/** Passwords that one account may set for its shares in a quarter of an hour: each takes the hash line that sign-ins use. */
const MAX_PASSWORDS = 100;

/** Throws `auth.too_many_attempts`. */
async function hashed(db: Db, by: string, password: string): Promise<string> {
  await countAttempt(db, [{ subject: `share passwords:${by}`, max: MAX_PASSWORDS }]);
  return inTurn(() => hashPassword(password));
}
const until = (seconds: number | null | undefined) =>
  seconds == null ? sql`NULL` : sql`now() + ${seconds}::int * interval '1 second'`;
const cleanLabel = (label: string | null | undefined) => oneLine(label ?? "") || null;

/**
 * Makes a share of a video under `scope`. Throws `sharing.not_allowed`, `share.too_many`, `video.not_found`,
 * `auth.too_many_attempts` while too many passwords are hashed.
 */
export async function createShare(
  edge: Edge,
  { by, scope }: Asking,
  videoId: string,
  { label, expiresIn, password, allowDownload = false, embedOrigins = [] }: ShareRequest,
): Promise<Share> {
  const { config, db } = edge;
  requireSharing(config, "link");
  const passwordHash = password == null ? null : await hashed(db, by, password);
  const token = newToken(SHARE_PREFIX);
  const lock = sql`SELECT id FROM videos WHERE id = ${videoId} AND ${scope} FOR NO KEY UPDATE`;
  const statement = sql`WITH video AS (
      SELECT id, owner_id FROM videos WHERE id = ${videoId} AND ${scope}
    ), made AS (
      INSERT INTO shares (id, video_id, token_hash, token_sealed, label, password_hash, allow_download, embed_origins, expires_at)
      SELECT ${newId()}, id, ${await hashOf(token)}, ${await seal(config, token)}, ${cleanLabel(label)}, ${passwordHash},
        ${allowDownload}::bool, ${json([...new Set(embedOrigins)])}, ${until(expiresIn)}
      FROM video WHERE (SELECT count(*) FROM shares WHERE video_id = video.id) < ${MAX_SHARES}::int RETURNING *
    ), changed AS (
      SELECT video.id, video.owner_id FROM video JOIN made ON made.video_id = video.id
    ), ${audited(edge.audit, "changed", "video", { isCredential: true })}
    SELECT ${columnsOf("made")} FROM made`;
  const [row] = await queryLocked(db, lock, statement, shareRow);
  if (row) {
    const { tokenSealed: _, ...shown } = row;
    return { ...shown, ...addressesOf(config, token) };
  }
  const isThere = sql`SELECT id FROM videos WHERE id = ${videoId} AND ${scope}`;
  const [video] = await query(db, isThere, z.object({ id: z.string() }));
  throw problem(video ? "share.too_many" : "video.not_found");
}

const listedRow = z.object({ shares: z.array(shareRow) });

/** Newest first. Throws `video.not_found`. */
export async function listShares({ config, db }: Edge, scope: SQL, videoId: string): Promise<ListedShare[]> {
  const statement = sql`SELECT coalesce((
      SELECT json_agg(row_to_json(listed)) FROM (
        SELECT ${columnsOf("shares")} FROM shares WHERE shares.video_id = videos.id
        ORDER BY shares.created_at DESC, shares.id DESC
      ) AS listed), '[]') AS shares
    FROM videos WHERE videos.id = ${videoId} AND ${scope}`;
  const [row] = await query(db, statement, listedRow);
  if (!row) throw problem("video.not_found");
  return Promise.all(row.shares.map((share) => toShare(config, share)));
}

const there = z.object({ there: z.number() });

/**
 * Changes a share of a video under `scope`: what is undefined stays, null removes. A changed password ends
 * what the old one unlocked. Throws `share.not_found`, `auth.too_many_attempts`.
 */
export async function updateShare(
  edge: Edge,
  { by, scope }: Asking,
  videoId: string,
  shareId: string,
  { label, expiresIn, password, allowDownload, embedOrigins }: ShareUpdate,
): Promise<ListedShare> {
  if (!isPlainId(shareId)) throw problem("share.not_found");
  const own = sql`shares.id = ${shareId} AND shares.video_id = ${videoId} AND videos.id = shares.video_id AND ${scope}`;
  if (password != null) {
    const found = await query(edge.db, sql`SELECT 1 AS there FROM shares, videos WHERE ${own}`, there);
    if (found.length === 0) throw problem("share.not_found");
  }
  const sets = [
    ...(label === undefined ? [] : [sql`label = ${cleanLabel(label)}`]),
    ...(expiresIn === undefined ? [] : [sql`expires_at = ${until(expiresIn)}`]),
    ...(allowDownload === undefined ? [] : [sql`allow_download = ${allowDownload}::bool`]),
    ...(embedOrigins === undefined ? [] : [sql`embed_origins = ${json([...new Set(embedOrigins)])}`]),
    ...(password === undefined
      ? []
      : [
          sql`password_hash = ${password === null ? null : await hashed(edge.db, by, password)}, lock = lock + 1`,
        ]),
  ];
  const statement = sql`WITH made AS (
      UPDATE shares SET ${sql.join(sets, sql`, `)} FROM videos WHERE ${own}
      RETURNING shares.*, videos.owner_id
    ), changed AS (SELECT video_id AS id, owner_id FROM made), ${audited(edge.audit, "changed", "video", { isCredential: true })}
    SELECT ${columnsOf("made")} FROM made`;
  const [row] = await query(edge.db, statement, shareRow);
  if (!row) throw problem("share.not_found");
  return toShare(edge.config, row);
}

/** Revokes a share of a video under `scope`. Throws `share.not_found`. */
export async function deleteShare(edge: Edge, scope: SQL, videoId: string, shareId: string): Promise<void> {
  if (!isPlainId(shareId)) throw problem("share.not_found");
  const statement = sql`WITH gone AS (
      DELETE FROM shares USING videos
      WHERE shares.id = ${shareId} AND shares.video_id = ${videoId} AND videos.id = shares.video_id AND ${scope}
      RETURNING shares.video_id AS id, videos.owner_id
    ), ${audited(edge.audit, "gone", "video", { isCredential: true })}
    SELECT id FROM gone`;
  const gone = await query(edge.db, statement, z.object({ id: z.string() }));
  if (gone.length === 0) throw problem("share.not_found");
}
