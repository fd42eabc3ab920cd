/** How often a link was used, and whether it takes another upload: SQL on rows of `upload_links`. */
import { MAX_OPEN_OF_LINK, type UploadLinkState } from "@storagex/contract/uploads/upload-links";
import { type SQL, sql } from "drizzle-orm";

/** Uploads neither aborted nor expired: of those, `delete.ts` removes the rows. */
export const used: SQL = sql`(SELECT count(*) FROM link_uploads WHERE link_uploads.link_id = upload_links.id)::int`;

const open = sql`(SELECT count(*) FROM link_uploads JOIN videos ON videos.id = link_uploads.video_id
    WHERE link_uploads.link_id = upload_links.id AND videos.status = 'pending_upload')`;

const named = (state: UploadLinkState) => sql.raw(`'${state}'`);

export const stateOf: SQL = sql`CASE WHEN upload_links.revoked_at IS NOT NULL THEN ${named("revoked")}
    WHEN upload_links.expires_at <= now() THEN ${named("expired")}
    WHEN ${used} >= upload_links.max_uploads THEN ${named("used_up")}
    WHEN ${open} >= ${MAX_OPEN_OF_LINK}::int THEN ${named("busy")} ELSE ${named("open")} END`;
