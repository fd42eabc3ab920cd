/** Accounts, their sessions, and the counters of attempts to sign in. */
import type { AccountLinkKind, Role, Theme } from "@storagex/contract/accounts/account";
import type { Scope } from "@storagex/contract/accounts/scopes";
import type { LanguageChoice } from "@storagex/contract/language";
import type { ProfileRequest } from "@storagex/contract/videos/profile";
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
import { bytes, now, timestamptz, today } from "../columns.ts";

export const users = pgTable(
  "users",
  {
    id: text("id").primaryKey(),
    email: text("email").notNull(),
    name: text("name"),
    passwordHash: text("password_hash").notNull(),
    role: text("role").$type<Role>().notNull().default("user"),
    /** The first administrator. At most one row has it, even if requests race. */
    bootstrap: boolean("bootstrap").notNull().default(false),
    usedBytes: bytes("used_bytes").notNull().default(0),
    /** Those of `usedBytes` that are the sources of videos. */
    sourceBytes: bytes("source_bytes").notNull().default(0),
    /** The day (UTC) on which the two counters last changed. A trigger keeps what they were before in `usage_days`. */
    usedOn: date("used_on", { mode: "string" }).notNull().default(today),
    /** Declared sizes of open tickets. */
    reservedBytes: bytes("reserved_bytes").notNull().default(0),
    /** Tickets neither completed, aborted nor expired. Counted here so that racing requests keep the cap. */
    openTickets: integer("open_tickets").notNull().default(0),
    /** Videos that are not deleted. Triggers on `videos` maintain the count. */
    videoCount: integer("video_count").notNull().default(0),
    /** The lengths of those of them that are known, each rounded. Kept by the same triggers. */
    videoMilliseconds: bytes("video_milliseconds").notNull().default(0),
    /** Email address and name, folded for search (`db/lists/search-text`); null until the sweep has folded them. */
    searchText: text("search_text"),
    createdAt: timestamptz("created_at").notNull().default(now),
    /** Deleted: name and email address are erased. The row is removed after its last video's tombstone. */
    deletedAt: timestamptz("deleted_at"),
    /** Disabled by an administrator: no credential of the account is accepted, and nothing of it is shown. */
    disabledAt: timestamptz("disabled_at"),
    /** Bytes; null for the installation's own quota, 0 for none. */
    quotaBytes: bytes("quota_bytes"),
    /** Minutes of video that the account may store; null for no limit. */
    quotaMinutes: integer("quota_minutes"),
    /** What its pages look like; null for the system's choice. */
    theme: text("theme").$type<Theme>(),
    /** The language of its pages; null for each browser's own. */
    language: text("language").$type<LanguageChoice>(),
    /** For new videos, if the ticket names none. */
    profile: jsonb("profile").$type<ProfileRequest>(),
    /** When its counters were last compared with its videos. */
    countedAt: timestamptz("counted_at").notNull().default(now),
  },
  (t) => [
    uniqueIndex("users_email").on(t.email),
    index("users_counted").on(t.countedAt),
    uniqueIndex("users_bootstrap").on(t.bootstrap).where(sql`bootstrap`),
    index("users_newest").on(t.createdAt.desc(), t.id.desc()),
    index("users_deleted").on(t.deletedAt).where(sql`deleted_at IS NOT NULL`),
    index("users_disabled").on(t.disabledAt).where(sql`disabled_at IS NOT NULL`),
    index("users_unfolded").on(t.id).where(sql`search_text IS NULL`),
  ],
);

/**
 * What an account stored, encoded and played on one day (UTC). Rows are only added to, so that what is deleted
 * later still counts.
 */
export const usageDays = pgTable(
  "usage_days",
  {
    ownerId: text("owner_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    day: date("day", { mode: "string" }).notNull(),
    /** Stored when the day ended, and until the next row that has it; null where nothing changed on the day. */
    sourceBytes: bytes("source_bytes"),
    renditionBytes: bytes("rendition_bytes"),
    encodedSeconds: doublePrecision("encoded_seconds").notNull().default(0),
    watchedSeconds: doublePrecision("watched_seconds").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.ownerId, t.day] })],
);

/** One-time links for the first administrator; only hashes are stored. */
export const setupTokens = pgTable("setup_tokens", {
  tokenHash: text("token_hash").primaryKey(),
  expiresAt: timestamptz("expires_at").notNull(),
  usedAt: timestamptz("used_at"),
});

/** One-time links by which a person sets a password; only hashes are stored. */
export const accountLinks = pgTable(
  "account_links",
  {
    tokenHash: text("token_hash").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    kind: text("kind").$type<AccountLinkKind>().notNull(),
    expiresAt: timestamptz("expires_at").notNull(),
    usedAt: timestamptz("used_at"),
  },
  (t) => [index("account_links_user").on(t.userId), index("account_links_expire").on(t.expiresAt)],
);

/** A session is a family of refresh tokens; ending it ends them all. */
export const sessions = pgTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    createdAt: timestamptz("created_at").notNull().default(now),
    /** The browser and system that signed in, e.g. "Firefox on Linux"; null if unknown. */
    client: text("client"),
    /** When its refresh token was last used. */
    lastUsedAt: timestamptz("last_used_at").notNull().default(now),
    expiresAt: timestamptz("expires_at").notNull(),
    endedAt: timestamptz("ended_at"),
  },
  (t) => [
    index("sessions_user").on(t.userId),
    index("sessions_expire").on(t.expiresAt),
    index("sessions_ended").on(t.endedAt).where(sql`ended_at IS NOT NULL`),
  ],
);

/** Keys by which programs call for the account; only hashes of their secrets are stored. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    secretHash: text("secret_hash").notNull(),
    /** The end of the secret, by which people tell keys apart. */
    hint: text("hint").notNull(),
    scopes: jsonb("scopes").$type<Scope[]>().notNull(),
    createdAt: timestamptz("created_at").notNull().default(now),
    /** To the minute. */
    lastUsedAt: timestamptz("last_used_at"),
    expiresAt: timestamptz("expires_at"),
  },
  (t) => [
    uniqueIndex("api_keys_secret").on(t.secretHash),
    index("api_keys_user").on(t.userId, t.createdAt.desc(), t.id.desc()),
  ],
);

export const refreshTokens = pgTable(
  "refresh_tokens",
  {
    tokenHash: text("token_hash").primaryKey(),
    sessionId: text("session_id")
      .notNull()
      .references(() => sessions.id, { onDelete: "cascade" }),
    /**
     * Rotations before this token. A token stays valid until another of its depth or deeper was used, then 10
     * s more. So a lost response signs nobody out, and an old or forked token reveals a theft.
     */
    depth: integer("depth").notNull().default(0),
    createdAt: timestamptz("created_at").notNull().default(now),
    firstUsedAt: timestamptz("first_used_at"),
  },
  (t) => [index("refresh_tokens_depth").on(t.sessionId, t.depth)],
);

/** Calls with an `Idempotency-Key`: what each made, so that the same call answers again; kept for a day. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    /** The session or API key that called. */
    credential: text("credential").notNull(),
    keyHash: text("key_hash").notNull(),
    /** Of method, path and body. */
    requestHash: text("request_hash").notNull(),
    /** Names the call that is carried out; another takes the key over once its lease has ended. */
    lease: text("lease").notNull(),
    leasedUntil: timestamptz("leased_until").notNull(),
    createdAt: timestamptz("created_at").notNull().default(now),
    /** Null while the call runs. Only successes are kept. */
    status: integer("status"),
    /** What the answer is made from again: ids, never a secret. */
    kept: jsonb("kept").$type<unknown>(),
  },
  (t) => [
    primaryKey({ columns: [t.credential, t.keyHash] }),
    index("idempotency_keys_created").on(t.createdAt),
  ],
);

/** Fixed-window counters, incremented before any expensive work. */
export const attempts = pgTable(
  "attempts",
  {
    subject: text("subject").notNull(),
    windowStart: timestamptz("window_start").notNull(),
    count: integer("count").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.subject, t.windowStart] }), index("attempts_window").on(t.windowStart)],
);
