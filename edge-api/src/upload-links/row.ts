/** What a link lets upload, and what its videos get from it, as its row says: schema and columns of `upload_links`. */
import { profileRequestSchema } from "@storagex/contract/videos/profile";
import { metadataSchema } from "@storagex/contract/videos/video-fields";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { iso } from "../db/text.ts";

export const linkTerms = z.object({
  id: z.string(),
  expiresAt: z.string(),
  maxUploads: z.number(),
  used: z.number(),
  maxBytes: z.coerce.number().nullable(),
  title: z.string().nullable(),
  tags: z.array(z.string()),
  externalId: z.string().nullable(),
  metadata: metadataSchema,
  profile: profileRequestSchema.nullable(),
});

/** The columns of `linkTerms` in a row that is named `links`; `uses`: of one that was just made there are none. */
export const termsOf = (links: "upload_links" | "made", uses: SQL): SQL => {
  const row = sql.raw(links);
  return sql`${row}.id, ${iso(sql`${row}.expires_at`)} AS "expiresAt", ${row}.max_uploads AS "maxUploads", ${uses} AS used,
    ${row}.max_bytes AS "maxBytes", ${row}.title, ${row}.tags, ${row}.external_id AS "externalId", ${row}.metadata,
    ${row}.profile`;
};
