/** What happened to videos. */
import type { VideoEventType } from "@storagex/contract/videos/video-events";
import { sql } from "drizzle-orm";
import { bigint, bigserial, index, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { timestamptz, transactionId } from "../columns.ts";

/**
 * What happened to videos, written by the statement that made it true. Ids commit out of order: read by
 * `xact`, and only rows older than every running transaction. No foreign key: a video's deletion is an event
 * too.
 */
export const events = pgTable(
  "events",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    xact: transactionId("xact").notNull().default(sql`pg_current_xact_id()`),
    videoId: text("video_id").notNull(),
    ownerId: text("owner_id").notNull(),
    /** The video's `seq` after the event. */
    seq: bigint("seq", { mode: "number" }).notNull(),
    type: text("type").$type<VideoEventType>().notNull(),
    data: jsonb("data").notNull().default({}),
    at: timestamptz("at").notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    index("events_order").on(t.xact, t.id),
    index("events_owner").on(t.ownerId, t.xact, t.id),
    index("events_video").on(t.videoId, t.id),
    index("events_at").on(t.at),
  ],
);
