/** Callers who have a token of an upload link. Whether it stands is read from the database for each call. */

import { UPLOAD_LINK_STATES } from "@storagex/contract/uploads/upload-links";
import { profileRequestSchema } from "@storagex/contract/videos/profile";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { isActive } from "../identity/active.ts";
import { hashOf } from "../keys/random.ts";
import { linkTerms, termsOf } from "./row.ts";
import { isLinkToken, readVideoToken } from "./token.ts";
import { stateOf, used } from "./uses.ts";

const linkRow = linkTerms.extend({
  state: z.enum(UPLOAD_LINK_STATES),
  ownerId: z.string(),
  /** The owner's own preference. */
  preferred: profileRequestSchema.nullable(),
});
/** A link with its state and limits, and what its videos get from it. */
export type Link = z.infer<typeof linkRow>;

/** The link of a token, whatever its state; undefined for none of ours, and where its owner's account has ended. */
export async function readLink({ db }: Edge, token: string): Promise<Link | undefined> {
  if (!isLinkToken(token)) return undefined;
  const statement = sql`SELECT ${termsOf("upload_links", used)}, ${stateOf} AS state, u.id AS "ownerId",
      u.profile AS preferred
    FROM upload_links JOIN users AS u ON u.id = upload_links.owner_id
    WHERE token_hash = ${await hashOf(token)} AND ${isActive}`;
  return (await query(db, statement, linkRow))[0];
}

/** The condition on `link_uploads` that its link was not revoked, and belongs to an account that stands. */
export const linkStands: SQL = sql`EXISTS (SELECT 1 FROM upload_links JOIN users AS u ON u.id = upload_links.owner_id
    WHERE upload_links.id = link_uploads.link_id AND upload_links.revoked_at IS NULL AND ${isActive})`;

const uploadedRow = z.object({ linkId: z.string(), ownerId: z.string() });
/** Whoever uploads, or has uploaded, one video by a link. */
export type Uploader = z.infer<typeof uploadedRow> & { videoId: string };

/** The upload that the token of one video names; undefined where the token or its link has ended. */
export async function readUploader({ config, db }: Edge, token: string): Promise<Uploader | undefined> {
  const videoId = await readVideoToken(config, token, Date.now());
  if (videoId === undefined) return undefined;
  const statement = sql`SELECT link_uploads.link_id AS "linkId", videos.owner_id AS "ownerId"
    FROM link_uploads JOIN videos ON videos.id = link_uploads.video_id
    WHERE link_uploads.video_id = ${videoId} AND ${linkStands}`;
  const [row] = await query(db, statement, uploadedRow);
  return row && { ...row, videoId };
}
