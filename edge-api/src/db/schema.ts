/** The tables. PostgreSQL is the source of truth. Times are timestamptz on its clock; sizes are bytes. */
import type { Role } from "@storagex/contract/account";
import type { AuditAction, AuditActor, AuditTarget } from "@storagex/contract/audit";
import type { MediaNote } from "@storagex/contract/media/note";
import type { Profile } from "@storagex/contract/profile";
import type { Segment, Storyboard } from "@storagex/contract/tasks/report";
import type { Plan, TaskKind } from "@storagex/contract/tasks/task";
import type { StoredStatus } from "@storagex/contract/video";
import type { VideoEventType } from "@storagex/contract/video-events";
import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { bytes, now, timestamptz, transactionId } from "./columns.ts";

/** An object in the bucket that a row references. */
export type StoredObject = { key: string; size: number; etag: string };
export type StoredStoryboard = Omit<Storyboard, "sheets"> & { sheets: StoredObject[] };
/** A caption track of the source or the owner. Without an ETag it is not stored yet and not shown. */
export type StoredCaptions = StoredObject & { id: string; language: string | null; label: string };
/** Measured when the video is completed: bytes, mean bits per second, similarity to the source (SSIM). */
export type Quality = { renditions: { name: string; size: number; bitrate: number; ssim: number | null }[] };

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
    /** Declared sizes of open tickets. */
    reservedBytes: bytes("reserved_bytes").notNull().default(0),
    /** Tickets neither completed, aborted nor expired. Counted here so that racing requests keep the cap. */
    openTickets: integer("open_tickets").notNull().default(0),
    /** Videos that are not deleted. Triggers on `videos` maintain the count. */
    videoCount: integer("video_count").notNull().default(0),
    /** Email address and name, folded for search (`db/search-text`); null until the sweep has folded them. */
    searchText: text("search_text"),
    createdAt: timestamptz("created_at").notNull().default(now),
    /** Deleted: name and email address are erased. The row is removed after its last video's tombstone. */
    deletedAt: timestamptz("deleted_at"),
    /** When its counters were last compared with its videos. */
    countedAt: timestamptz("counted_at").notNull().default(now),
  },
  (t) => [
    uniqueIndex("users_email").on(t.email),
    index("users_counted").on(t.countedAt),
    uniqueIndex("users_bootstrap").on(t.bootstrap).where(sql`bootstrap`),
    index("users_newest").on(t.createdAt.desc(), t.id.desc()),
    index("users_deleted").on(t.deletedAt).where(sql`deleted_at IS NOT NULL`),
    index("users_unfolded").on(t.id).where(sql`search_text IS NULL`),
  ],
);

/** One-time links for the first administrator; only hashes are stored. */
export const setupTokens = pgTable("setup_tokens", {
  tokenHash: text("token_hash").primaryKey(),
  expiresAt: timestamptz("expires_at").notNull(),
  usedAt: timestamptz("used_at"),
});

/** A session is a family of refresh tokens; ending it ends them all. */
export const sessions = pgTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    createdAt: timestamptz("created_at").notNull().default(now),
    expiresAt: timestamptz("expires_at").notNull(),
    endedAt: timestamptz("ended_at"),
  },
  (t) => [
    index("sessions_user").on(t.userId),
    index("sessions_expire").on(t.expiresAt),
    index("sessions_ended").on(t.endedAt).where(sql`ended_at IS NOT NULL`),
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

export const videos = pgTable(
  "videos",
  {
    id: text("id").primaryKey(),
    ownerId: text("owner_id")
      .notNull()
      .references(() => users.id),
    title: text("title").notNull(),
    filename: text("filename").notNull(),
    /**
     * Title and file name, folded for search (`db/search-text`); null until the sweep has folded them.
     * `ops/migrate` creates the index if the database has the extensions.
     */
    searchText: text("search_text"),
    size: bytes("size").notNull(),
    /** Part size of its ticket. Null for rows of earlier releases: then use `partSizeFor`. */
    partSize: bytes("part_size"),
    status: text("status").$type<StoredStatus>().notNull().default("pending_upload"),
    /** One run of processing; a retry starts the next. 0 before the first. */
    generation: integer("generation").notNull().default(0),
    uploadId: text("upload_id"),
    /** Expiry of the ticket; null once completed. */
    ticketExpiresAt: timestamptz("ticket_expires_at"),
    sourceEtag: text("source_etag"),
    /** Set when `plan` remuxed the source: encode, audio and finish read this object instead. */
    mezzanine: jsonb("mezzanine").$type<StoredObject>(),
    profile: jsonb("profile").$type<Profile>().notNull().default({ preset: "veryfast", av1: false }),
    plan: jsonb("plan").$type<Plan>(),
    /** Tasks before `finish` that have not succeeded. The UPDATE that brings it to 0 enqueues `finish`. */
    pendingTasks: integer("pending_tasks").notNull().default(0),
    /** Frames of the chunks that succeeded. Running chunks keep their progress on their tasks. */
    doneFrames: bigint("done_frames", { mode: "number" }).notNull().default(0),
    /** When its beginning first became playable in this generation. */
    playableAt: timestamptz("playable_at"),
    duration: doublePrecision("duration"),
    width: integer("width"),
    height: integer("height"),
    errorCode: text("error_code"),
    errorMessage: text("error_message"),
    mp4: jsonb("mp4").$type<StoredObject>(),
    posters: jsonb("posters").$type<StoredObject[]>().notNull().default([]),
    posterIndex: integer("poster_index").notNull().default(0),
    storyboard: jsonb("storyboard").$type<StoredStoryboard>(),
    captions: jsonb("captions").$type<StoredCaptions[]>().notNull().default([]),
    quality: jsonb("quality").$type<Quality>(),
    /** Of this generation, in order of arrival. */
    notes: jsonb("notes").$type<MediaNote[]>().notNull().default([]),
    /** Integrated loudness by audio track, LUFS (EBU R128); null for a silent track. */
    loudness: jsonb("loudness").$type<Record<string, number | null>>().notNull().default({}),
    cpuSeconds: doublePrecision("cpu_seconds").notNull().default(0),
    wallSeconds: doublePrecision("wall_seconds").notNull().default(0),
    /** Bytes of the source and of all outputs that rows reference; included in the owner's `used_bytes`. */
    storedBytes: bytes("stored_bytes").notNull().default(0),
    traceparent: text("traceparent"),
    createdAt: timestamptz("created_at").notNull().default(now),
    updatedAt: timestamptz("updated_at").notNull().default(now),
    queuedAt: timestamptz("queued_at"),
    completedAt: timestamptz("completed_at"),
    deletedAt: timestamptz("deleted_at"),
    /** The tombstone stays until no signed PUT is valid any more and the prefix was found empty twice. */
    purgeAfter: timestamptz("purge_after"),
    seenEmpty: integer("seen_empty").notNull().default(0),
    /** A trigger raises it with every change of the row. It orders snapshots, which no clock can do. */
    seq: bigint("seq", { mode: "number" }).notNull().default(0),
    /** Rises with every edit by a person: title, poster, captions. Never with progress. */
    revision: integer("revision").notNull().default(0),
  },
  (t) => [
    index("videos_owner_newest").on(t.ownerId, t.createdAt.desc(), t.id.desc()),
    index("videos_newest").on(t.createdAt.desc(), t.id.desc()),
    index("videos_status_newest").on(t.status, t.createdAt.desc(), t.id.desc()),
    index("videos_owner_status").on(t.ownerId, t.status, t.createdAt.desc(), t.id.desc()),
    index("videos_unfolded").on(t.id).where(sql`search_text IS NULL`),
    index("videos_queue").on(t.queuedAt, t.id).where(sql`status = 'queued'`),
    index("videos_processing").on(t.queuedAt).where(sql`status = 'processing'`),
    index("videos_captions_to_come").on(t.id).where(sql`captions @> '[{"etag": ""}]'`),
    index("videos_tickets").on(t.ticketExpiresAt).where(sql`status = 'pending_upload'`),
    index("videos_deleting").on(t.deletedAt).where(sql`status = 'deleting'`),
  ],
);

/** waiting: not released to the broker yet. queued: its outbox row exists or was sent. */
export type TaskState = "waiting" | "queued" | "running" | "succeeded" | "failed" | "cancelled";

export const tasks = pgTable(
  "tasks",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    videoId: text("video_id")
      .notNull()
      .references(() => videos.id, { onDelete: "cascade" }),
    generation: integer("generation").notNull(),
    kind: text("kind").$type<TaskKind>().notNull(),
    index: integer("index").notNull(),
    state: text("state").$type<TaskState>().notNull().default("waiting"),
    /** Fencing token: rises with every claim; only the newest attempt may report. */
    attempt: integer("attempt").notNull().default(0),
    leaseHash: text("lease_hash"),
    leaseUntil: timestamptz("lease_until"),
    heartbeatAt: timestamptz("heartbeat_at"),
    worker: text("worker"),
    /** Of an encode task: its chunk, in frames of the plan's grid. The last chunk's `frames` is null. */
    firstFrame: integer("first_frame"),
    frames: integer("frames"),
    progress: doublePrecision("progress").notNull().default(0),
    speed: doublePrecision("speed"),
    /** Seconds of the attempt that succeeded; null before that, and for tasks of an older release. */
    cpuSeconds: doublePrecision("cpu_seconds"),
    wallSeconds: doublePrecision("wall_seconds"),
    /** Reported failures that allow a retry. Claims that ended without a report are counted separately. */
    failures: integer("failures").notNull().default(0),
    /** Code and cause of the last failure that allowed a retry; null if it named none. */
    failureCause: text("failure_cause"),
    interruptions: integer("interruptions").notNull().default(0),
    /** When it was last sent to the broker. A time in the future delays a retry: no claims before it. */
    publishedAt: timestamptz("published_at"),
    createdAt: timestamptz("created_at").notNull().default(now),
    startedAt: timestamptz("started_at"),
    finishedAt: timestamptz("finished_at"),
  },
  (t) => [
    uniqueIndex("tasks_identity").on(t.videoId, t.generation, t.kind, t.index),
    index("tasks_leases").on(t.leaseUntil).where(sql`state = 'running'`),
    index("tasks_waiting").on(t.videoId, t.index).where(sql`state = 'waiting'`),
    index("tasks_queued").on(t.publishedAt).where(sql`state = 'queued'`),
    index("tasks_released")
      .on(t.videoId, t.generation, t.kind, t.index)
      .where(sql`state IN ('queued', 'running')`),
  ],
);

/** Messages to send to the bridge, written by the statement that makes them due. */
export const outbox = pgTable(
  "outbox",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    taskId: uuid("task_id")
      .notNull()
      .references(() => tasks.id, { onDelete: "cascade" }),
    dueAt: timestamptz("due_at").notNull().default(now),
    claimedUntil: timestamptz("claimed_until").notNull().default(sql`'-infinity'`),
    sentAt: timestamptz("sent_at"),
  },
  (t) => [
    index("outbox_unsent").on(t.dueAt).where(sql`sent_at IS NULL`),
    index("outbox_sent").on(t.sentAt).where(sql`sent_at IS NOT NULL`),
    index("outbox_task").on(t.taskId),
  ],
);

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
    index("events_video").on(t.videoId, t.id),
    index("events_at").on(t.at),
  ],
);

/** Duties, such as the sweeps, that only one replica performs at a time: the holder, and until when. */
export const duties = pgTable("duties", {
  name: text("name").primaryKey(),
  holder: text("holder").notNull(),
  until: timestamptz("until").notNull(),
});

/**
 * Privileged acts and changes of credentials, written by the statements that perform them; kept for a year.
 * No foreign keys: a row outlives the accounts it names.
 */
export const audit = pgTable(
  "audit",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    at: timestamptz("at").notNull().default(now),
    actorKind: text("actor_kind").$type<AuditActor>().notNull(),
    /** The acting account; null for the operator and the system. */
    actorId: text("actor_id"),
    action: text("action").$type<AuditAction>().notNull(),
    targetKind: text("target_kind").$type<AuditTarget>().notNull(),
    targetId: text("target_id").notNull(),
    /** The client's address, if a trusted header names it. */
    address: text("address"),
    userAgent: text("user_agent"),
  },
  (t) => [index("audit_at").on(t.at, t.id)],
);

/** CMAF objects: a chunk of a rendition, or an audio piece. Pinned: fixed within a generation. */
export const mediaObjects = pgTable(
  "media_objects",
  {
    videoId: text("video_id")
      .notNull()
      .references(() => videos.id, { onDelete: "cascade" }),
    generation: integer("generation").notNull(),
    rendition: text("rendition").notNull(),
    index: integer("index").notNull(),
    attempt: integer("attempt").notNull(),
    key: text("key").notNull(),
    size: bytes("size").notNull(),
    etag: text("etag").notNull(),
    initLength: integer("init_length").notNull(),
    initHash: text("init_hash").notNull(),
    codecs: text("codecs").notNull(),
    timescale: integer("timescale").notNull(),
    segments: jsonb("segments").$type<Segment[]>().notNull(),
    frames: integer("frames").notNull(),
  },
  (t) => [primaryKey({ columns: [t.videoId, t.generation, t.rendition, t.index] })],
);

/** Workers that sent a hello recently; those of the last 30 s count as live. */
export const workers = pgTable("workers", {
  name: text("name").primaryKey(),
  slots: integer("slots").notNull(),
  seenAt: timestamptz("seen_at").notNull().default(now),
});
