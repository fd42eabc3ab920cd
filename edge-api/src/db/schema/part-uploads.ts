/** Uploads whose parts are objects: what has arrived, until they are put together to one object. */
import { sql } from "drizzle-orm";
import { index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { bytes, now, numberRanges, timestamptz } from "../columns.ts";
import { videos } from "./videos.ts";

/**
 * An upload in part objects; none for a multipart upload. Deleted when the source is one object and no part
 * can return. While `videos.source_etag` is null, the parts are the source.
 */
export const partUploads = pgTable(
  "part_uploads",
  {
    videoId: text("video_id")
      .primaryKey()
      .references(() => videos.id, { onDelete: "cascade" }),
    /** Numbers of the parts that have arrived: those in `upload_parts`, and all once the upload is complete. */
    arrived: numberRanges("arrived").notNull().default(sql`'{}'`),
    /** When the source was given up, so that it never becomes one object: refused before its end, or changed. */
    droppedAt: timestamptz("dropped_at"),
    /** When storage was last asked what has arrived. */
    lookedAt: timestamptz("looked_at"),
    /** Until when a replica puts the parts together. */
    claimedUntil: timestamptz("claimed_until").notNull().default(sql`'-infinity'`),
    /** When the last part URL ends; null before the upload is complete. */
    urlsUntil: timestamptz("urls_until"),
    /** When the parts were last removed after they were put together, and how often none was there. */
    sweptAt: timestamptz("swept_at"),
    seenEmpty: integer("seen_empty").notNull().default(0),
  },
  (t) => [index("part_uploads_ended").on(t.urlsUntil).where(sql`urls_until IS NOT NULL`)],
);

/** Parts that were found in storage. Reads are bound to the ETag: other bytes under the key are noticed. */
export const uploadParts = pgTable(
  "upload_parts",
  {
    videoId: text("video_id")
      .notNull()
      .references(() => partUploads.videoId, { onDelete: "cascade" }),
    number: integer("number").notNull(),
    size: bytes("size").notNull(),
    etag: text("etag").notNull(),
    pinnedAt: timestamptz("pinned_at").notNull().default(now),
  },
  (t) => [primaryKey({ columns: [t.videoId, t.number] })],
);
