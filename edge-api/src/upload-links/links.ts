/** Upload links as their owner manages them: make, list, revoke. */
import {
  type ListedUploadLink,
  MAX_UPLOAD_LINKS,
  UPLOAD_LINK_PREFIX,
  type UploadLink,
  type UploadLinkPage,
  type UploadLinkRequest,
} from "@storagex/contract/uploads/upload-links";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { audited } from "../audit/record.ts";
import type { Config } from "../config.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { isAfter, readCursor, writeCursor } from "../db/lists/cursor.ts";
import { NEWEST, orderBy } from "../db/lists/order.ts";
import { lockAccount, queryLocked } from "../db/lock.ts";
import { iso, isPlainId, json } from "../db/text.ts";
import { hashOf, newId, newToken } from "../keys/random.ts";
import { seal, unseal } from "../keys/sealed.ts";
import { problem } from "../problem/problem.ts";
import { requireSharing } from "../sharing/allowed.ts";
import { profileFor } from "../uploads/profile.ts";
import { cleanFields } from "../videos/fields.ts";
import { linkTerms, termsOf } from "./row.ts";
import { used } from "./uses.ts";

const linkRow = linkTerms.extend({ tokenSealed: z.string(), createdAt: z.string() });
const listedRow = linkRow.extend({ at: z.string() });

const shown = (links: "upload_links" | "made", uses: SQL) =>
  sql`${termsOf(links, uses)}, token_sealed AS "tokenSealed", ${iso(sql`created_at`)} AS "createdAt"`;

/** Without token and address where the key that sealed the token was removed. */
async function toLink(config: Config, row: z.infer<typeof linkRow>): Promise<ListedUploadLink> {
  const { id, tokenSealed, ...rest } = row;
  const token = await unseal(config, tokenSealed);
  return { id, url: token === undefined ? null : addressOf(config, token), token: token ?? null, ...rest };
}

const addressOf = (config: Config, token: string): string => `${config.STORAGEX_PUBLIC_URL}/u/${token}`;

/**
 * Makes a link. Throws `sharing.not_allowed`, `upload_link.too_many`, `upload.profile_not_allowed`,
 * `video.external_id_taken` where a video has that id now, and `request.invalid` where nothing of the title shows.
 */
export async function createUploadLink(
  edge: Edge,
  ownerId: string,
  request: UploadLinkRequest,
): Promise<UploadLink> {
  const { config, db } = edge;
  requireSharing(config, "link");
  const { expiresIn, maxUploads, maxBytes = null, profile, externalId = null } = request;
  if (profile) profileFor(config, profile);
  const {
    title = null,
    tags = [],
    metadata = {},
  } = cleanFields({
    title: request.title,
    tags: request.tags,
    metadata: request.metadata,
  });
  const token = newToken(UPLOAD_LINK_PREFIX);
  const isFree = sql`NOT EXISTS (SELECT 1 FROM videos WHERE videos.owner_id = owner.id
    AND videos.external_id = ${externalId}::text AND videos.status <> 'deleting')`;
  const statement = sql`WITH owner AS (
      SELECT id FROM users WHERE id = ${ownerId}
    ), made AS (
      INSERT INTO upload_links (id, owner_id, token_hash, token_sealed, max_uploads, max_bytes, title, tags, external_id,
        metadata, profile, expires_at)
      SELECT ${newId()}, id, ${await hashOf(token)}, ${await seal(config, token)}, ${maxUploads}::int, ${maxBytes}::bigint,
        ${title}::text, ${json(tags)}, ${externalId}::text, ${json(metadata)}, ${profile ? json(profile) : sql`NULL`},
        now() + ${expiresIn}::int * interval '1 second'
      FROM owner WHERE ${isFree} AND (SELECT count(*) FROM upload_links
        WHERE owner_id = owner.id AND revoked_at IS NULL AND expires_at > now()) < ${MAX_UPLOAD_LINKS}::int RETURNING *
    ), ${audited(edge.audit, "made", "upload_link")}
    SELECT ${shown("made", sql`0`)} FROM made`;
  const [made] = await queryLocked(db, lockAccount(ownerId), statement, linkRow);
  if (made) {
    const { id, tokenSealed: _, ...rest } = made;
    return { id, url: addressOf(config, token), token, ...rest };
  }
  const taken = sql`SELECT ${isFree} AS free FROM (SELECT ${ownerId}::text AS id) AS owner`;
  const [why] = await query(db, taken, z.object({ free: z.boolean() }));
  throw problem(why?.free === false ? "video.external_id_taken" : "upload_link.too_many");
}

/** A page, newest first, without those that were revoked. Throws `request.invalid` for a cursor that is not ours. */
export async function listUploadLinks(
  { config, db }: Edge,
  ownerId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<UploadLinkPage> {
  const list = { name: "upload links", ownerId };
  const after = cursor === undefined ? sql`true` : isAfter(await readCursor(cursor, list, NEWEST), NEWEST);
  const page = sql`SELECT ${shown("upload_links", used)}, ${NEWEST.toText(sql`created_at`)} AS at FROM upload_links
    WHERE owner_id = ${ownerId} AND revoked_at IS NULL AND ${after} ${orderBy(NEWEST)} LIMIT ${limit + 1}::int`;
  const rows = await query(db, page, listedRow);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: await Promise.all(rows.slice(0, limit).map(({ at: _, ...row }) => toLink(config, row))),
    nextCursor: last ? await writeCursor(last, list) : null,
  };
}

/** The link as it is now. Throws `upload_link.not_found`. */
export async function readUploadLink(
  { config, db }: Edge,
  ownerId: string,
  id: string,
): Promise<ListedUploadLink> {
  const statement = sql`SELECT ${shown("upload_links", used)} FROM upload_links WHERE ${isOwn(ownerId, id)}`;
  const [row] = await query(db, statement, linkRow);
  if (!row) throw problem("upload_link.not_found");
  return toLink(config, row);
}

const isOwn = (ownerId: string, id: string): SQL =>
  sql`id = ${isPlainId(id) ? id : ""} AND owner_id = ${ownerId} AND revoked_at IS NULL`;

/** Revokes a link, and the tokens of its videos with it. Throws `upload_link.not_found`. */
export async function deleteUploadLink(edge: Edge, ownerId: string, id: string): Promise<void> {
  const statement = sql`WITH gone AS (
      UPDATE upload_links SET revoked_at = now() WHERE ${isOwn(ownerId, id)} RETURNING id
    ), ${audited(edge.audit, "gone", "upload_link")}
    SELECT id FROM gone`;
  const gone = await query(edge.db, statement, z.object({ id: z.string() }));
  if (gone.length === 0) throw problem("upload_link.not_found");
}
