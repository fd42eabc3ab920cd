/** Shares, playback keys, and how often videos were played. */
import { sql } from "drizzle-orm";
import {
  boolean,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { now, timestamptz } from "../columns.ts";
import { users } from "./accounts.ts";
import { videos } from "./videos.ts";

/** A link by which anyone who has it may watch one video. */
export const shares = pgTable(
  "shares",
  {
    id: text("id").primaryKey(),
    videoId: text("video_id")
      .notNull()
      .references(() => videos.id, { onDelete: "cascade" }),
    /** Found by its hash; encrypted (`keys/sealed`), because its owner may copy the link again. */
    tokenHash: text("token_hash").notNull(),
    tokenSealed: text("token_sealed").notNull(),
    label: text("label"),
    passwordHash: text("password_hash"),
    /** Rises with every change of the password, and ends what was unlocked by the one before. */
    lock: integer("lock").notNull().default(0),
    allowDownload: boolean("allow_download").notNull().default(false),
    /** Origins that may frame the player; empty for any. */
    embedOrigins: jsonb("embed_origins").$type<string[]>().notNull().default([]),
    createdAt: timestamptz("created_at").notNull().default(now),
    expiresAt: timestamptz("expires_at"),
  },
  (t) => [
    uniqueIndex("shares_token").on(t.tokenHash),
    index("shares_sealed").on(sql`split_part(token_sealed, '.', 2)`),
    index("shares_video").on(t.videoId, t.createdAt.desc(), t.id.desc()),
    index("shares_expire").on(t.expiresAt).where(sql`expires_at IS NOT NULL`),
  ],
);

/** Public keys of sites that sign viewer tokens for the videos of one account. */
export const playbackKeys = pgTable(
  "playback_keys",
  {
    id: text("id").primaryKey(),
    ownerId: text("owner_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    publicJwk: jsonb("public_jwk").$type<Record<string, unknown>>().notNull(),
    createdAt: timestamptz("created_at").notNull().default(now),
  },
  (t) => [index("playback_keys_owner").on(t.ownerId, t.createdAt.desc(), t.id.desc())],
);

/**
 * What was played of a video on one day (UTC), by share; an empty `share_id` stands for everything else. Rows
 * are only added to, so that the counts of several replicas add up.
 */
export const plays = pgTable(
  "plays",
  {
    videoId: text("video_id")
      .notNull()
      .references(() => videos.id, { onDelete: "cascade" }),
    shareId: text("share_id").notNull().default(""),
    day: date("day", { mode: "string" }).notNull(),
    /** Visits that played for at least three seconds. */
    views: integer("views").notNull().default(0),
    watchSeconds: doublePrecision("watch_seconds").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.videoId, t.shareId, t.day] })],
);
