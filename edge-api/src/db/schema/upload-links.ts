/** Upload links, and which videos were uploaded by each. */
import type { ProfileRequest } from "@storagex/contract/videos/profile";
import type { Metadata } from "@storagex/contract/videos/video-fields";
import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { bytes, now, timestamptz } from "../columns.ts";
import { users } from "./accounts.ts";

/** A link by which anyone who has it uploads to the account of its owner. */
export const uploadLinks = pgTable(
  "upload_links",
  {
    id: text("id").primaryKey(),
    ownerId: text("owner_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** Found by its hash; encrypted (`keys/sealed`), because its owner may copy the link again. */
    tokenHash: text("token_hash").notNull(),
    tokenSealed: text("token_sealed").notNull(),
    maxUploads: integer("max_uploads").notNull(),
    maxBytes: bytes("max_bytes"),
    /** Of the videos; null where the uploader says it. */
    title: text("title"),
    tags: jsonb("tags").$type<string[]>().notNull().default([]),
    externalId: text("external_id"),
    metadata: jsonb("metadata").$type<Metadata>().notNull().default({}),
    profile: jsonb("profile").$type<ProfileRequest>(),
    createdAt: timestamptz("created_at").notNull().default(now),
    expiresAt: timestamptz("expires_at").notNull(),
    /** A revoked link is kept for a while, so that its page can say so. */
    revokedAt: timestamptz("revoked_at"),
  },
  (t) => [
    uniqueIndex("upload_links_token").on(t.tokenHash),
    index("upload_links_sealed").on(sql`split_part(token_sealed, '.', 2)`),
    index("upload_links_owner").on(t.ownerId, t.createdAt.desc(), t.id.desc()).where(sql`revoked_at IS NULL`),
    index("upload_links_expire").on(t.expiresAt),
  ],
);

/**
 * The uploads that count as uses of a link. A row goes with a ticket that is aborted or expires, and stays where its
 * video is deleted later: hence no reference to it.
 */
export const linkUploads = pgTable(
  "link_uploads",
  {
    videoId: text("video_id").primaryKey(),
    linkId: text("link_id")
      .notNull()
      .references(() => uploadLinks.id, { onDelete: "cascade" }),
  },
  (t) => [index("link_uploads_link").on(t.linkId)],
);
