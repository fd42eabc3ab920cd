/** Who watched what: visits of the last day, sums of the days before, and the salts by which viewers are told apart. */
import { sql } from "drizzle-orm";
import { bigint, boolean, date, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { now, numberRanges, timestamptz } from "../columns.ts";
import { videos } from "./videos.ts";

/**
 * One visit of a player, until its day is over. Every report of it is added to the row, whichever replica it
 * reached. `scope` is `s:` and a share's id, `v:` and the hash of a viewer that a site named, or empty.
 */
export const visits = pgTable(
  "visits",
  {
    videoId: text("video_id")
      .notNull()
      .references(() => videos.id, { onDelete: "cascade" }),
    scope: text("scope").notNull().default(""),
    session: text("session").notNull(),
    /** The day (UTC) on which it began. */
    day: date("day", { mode: "string" }).notNull(),
    /** A hash with the salt of the day on which it began; null while that could not be read. */
    viewer: text("viewer"),
    device: text("device").notNull(),
    place: text("place"),
    beganAt: timestamptz("began_at").notNull().default(now),
    watchedMs: integer("watched_ms").notNull(),
    /** What the last write added: with `watched_ms` it tells which write made the visit a view. */
    lastMs: integer("last_ms").notNull(),
    startupMs: integer("startup_ms"),
    stallMs: integer("stall_ms").notNull().default(0),
    ended: boolean("ended").notNull().default(false),
    /** The hundredths of the video that were played. */
    steps: numberRanges("steps").notNull().default(sql`'{}'`),
  },
  (t) => [
    primaryKey({ columns: [t.videoId, t.scope, t.session] }),
    index("visits_day").on(t.day, t.videoId, t.viewer),
  ],
);

/** Views of a day that is over. A day may have several rows, which add up. */
export const audienceDays = pgTable(
  "audience_days",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    videoId: text("video_id")
      .notNull()
      .references(() => videos.id, { onDelete: "cascade" }),
    /** As of `visits`; empty for all views together. */
    scope: text("scope").notNull().default(""),
    day: date("day", { mode: "string" }).notNull(),
    views: integer("views").notNull(),
    viewers: integer("viewers").notNull(),
    watchedMs: bigint("watched_ms", { mode: "number" }).notNull(),
    stallMs: bigint("stall_ms", { mode: "number" }).notNull(),
    ended: integer("ended").notNull(),
    /** Views by place, device and start-up time, and the curve: how many more (or fewer) play from a step on. */
    counts: jsonb("counts").$type<Record<string, Record<string, number>>>().notNull(),
  },
  (t) => [index("audience_days_video").on(t.videoId, t.scope, t.day), index("audience_days_day").on(t.day)],
);

/** Random bytes of the current day. Unlogged: they are in no backup of the write-ahead log. */
export const audienceSalts = pgTable("audience_salts", {
  day: date("day", { mode: "string" }).primaryKey(),
  salt: text("salt").notNull(),
});
