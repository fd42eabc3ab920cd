/** Videos and the objects that make up their renditions. */
import type { MediaNote } from "@storagex/contract/media/note";
import type { Plan } from "@storagex/contract/tasks/plan";
import type { Segment, Storyboard } from "@storagex/contract/tasks/report";
import type { Profile } from "@storagex/contract/videos/profile";
import type { StoredStatus } from "@storagex/contract/videos/video";
import type { Chapter, Metadata, Origin, Visibility } from "@storagex/contract/videos/video-fields";
import type { VideoStatus } from "@storagex/contract/videos/video-statuses";
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { bytes, now, timestamptz } from "../columns.ts";
import type { StoredObject } from "../stored-object.ts";
import { users } from "./accounts.ts";

/** A poster; `own` where the owner made it, of which there is one at most, the last. */
export type StoredPoster = StoredObject & { own?: true };
/**
 * The last poster that an owner asked for. `n` counts the requests, and is the index of the task. `image` is
 * the uploaded one, with an empty ETag until it is stored; absent for a frame of the video, at `at` seconds.
 */
export type StoredPosterChange = {
  n: number;
  state: "uploading" | "making" | "failed" | "done";
  at?: number;
  image?: StoredObject;
  expiresAt?: string;
  error?: { code: string; message: string };
};
export type StoredStoryboard = Omit<Storyboard, "sheets"> & { sheets: StoredObject[] };
/** A caption track of the source or the owner. Without an ETag it is not stored yet and not shown. */
export type StoredCaptions = StoredObject & { id: string; language: string | null; label: string };
/** Measured when the video is completed: bytes, mean bits per second, similarity to the source (SSIM). */
export type Quality = { renditions: { name: string; size: number; bitrate: number; ssim: number | null }[] };

export const videos = pgTable(
  "videos",
  {
    id: text("id").primaryKey(),
    ownerId: text("owner_id")
      .notNull()
      .references(() => users.id),
    title: text("title").notNull(),
    filename: text("filename").notNull(),
    description: text("description").notNull().default(""),
    /** In the owner's order. A trigger mirrors them in `video_tags`. */
    tags: jsonb("tags").$type<string[]>().notNull().default([]),
    /** The integrator's own id of the video. */
    externalId: text("external_id"),
    metadata: jsonb("metadata").$type<Metadata>().notNull().default({}),
    visibility: text("visibility").$type<Visibility>().notNull().default("private"),
    /** Whether the MP4 of a public video is offered to visitors. */
    publicDownload: boolean("public_download").notNull().default(false),
    /** Set by a person; null: those that the plan read from the source. */
    chapters: jsonb("chapters").$type<Chapter[]>(),
    origin: text("origin").$type<Origin>().notNull().default("upload"),
    /**
     * Title, file name, description and tags, folded for search (`db/lists/search-text`); null until the sweep has
     * folded them. `ops/migrate` creates the index if the database has the extensions.
     */
    searchText: text("search_text"),
    /** The title, folded for sorting; empty until the sweep has folded it. */
    titleKey: text("title_key").notNull().default(""),
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
    /** When it last failed; null also where a release without this column recorded the failure. */
    failedAt: timestamptz("failed_at"),
    mp4: jsonb("mp4").$type<StoredObject>(),
    posters: jsonb("posters").$type<StoredPoster[]>().notNull().default([]),
    posterIndex: integer("poster_index").notNull().default(0),
    posterChange: jsonb("poster_change").$type<StoredPosterChange>(),
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
    /** Those of them that are the source's. Null until the upload has ended, and for rows of earlier releases. */
    sourceBytes: bytes("source_bytes"),
    traceparent: text("traceparent"),
    createdAt: timestamptz("created_at").notNull().default(now),
    updatedAt: timestamptz("updated_at").notNull().default(now),
    queuedAt: timestamptz("queued_at"),
    completedAt: timestamptz("completed_at"),
    deletedAt: timestamptz("deleted_at"),
    /** While a deletion can be undone: until when, and the status to return to. Otherwise null. */
    undoUntil: timestamptz("undo_until"),
    deletedFrom: text("deleted_from").$type<VideoStatus>(),
    /** The tombstone stays until no signed PUT is valid any more and the prefix was found empty twice. */
    purgeAfter: timestamptz("purge_after"),
    seenEmpty: integer("seen_empty").notNull().default(0),
    /** A trigger raises it with every change of the row. It orders snapshots, which no clock can do. */
    seq: bigint("seq", { mode: "number" }).notNull().default(0),
    /** Rises with every edit by a person. Never with progress. */
    revision: integer("revision").notNull().default(0),
  },
  (t) => [
    index("videos_owner_newest").on(t.ownerId, t.createdAt.desc(), t.id.desc()),
    index("videos_newest").on(t.createdAt.desc(), t.id.desc()),
    index("videos_status_newest").on(t.status, t.createdAt.desc(), t.id.desc()),
    index("videos_owner_status").on(t.ownerId, t.status, t.createdAt.desc(), t.id.desc()),
    index("videos_owner_title").on(t.ownerId, sql`title_key COLLATE "C"`, t.id),
    index("videos_title").on(sql`title_key COLLATE "C"`, t.id),
    index("videos_owner_longest").on(t.ownerId, sql`coalesce(duration, -1) DESC NULLS LAST`, t.id.desc()),
    index("videos_longest").on(sql`coalesce(duration, -1) DESC NULLS LAST`, t.id.desc()),
    index("videos_owner_largest").on(t.ownerId, t.size.desc(), t.id.desc()),
    index("videos_largest").on(t.size.desc(), t.id.desc()),
    // A deleted video's id is free at once.
    uniqueIndex("videos_external_id")
      .on(t.externalId, t.ownerId)
      .where(sql`external_id IS NOT NULL AND status <> 'deleting'`),
    index("videos_public").on(t.ownerId, t.createdAt.desc(), t.id.desc()).where(sql`visibility = 'public'`),
    index("videos_unfolded").on(t.id).where(sql`search_text IS NULL OR title_key = ''`),
    index("videos_queue").on(t.queuedAt, t.id).where(sql`status = 'queued'`),
    index("videos_processing").on(t.queuedAt).where(sql`status = 'processing'`),
    index("videos_captions_to_come").on(t.id).where(sql`captions @> '[{"etag": ""}]'`),
    index("videos_posters_to_come").on(t.id).where(sql`poster_change ->> 'state' = 'uploading'`),
    index("videos_tickets").on(t.ticketExpiresAt).where(sql`status = 'pending_upload'`),
    // None of these indexes has a column that every chunk changes (`updated_at`, `seq`, sums): an update then
    // writes no index at all (heap-only tuples).
    index("videos_last_failed")
      .on(sql`coalesce(failed_at, created_at) DESC NULLS LAST`, t.id.desc(), t.errorCode)
      .where(sql`status = 'failed'`),
    index("videos_deleting").on(t.deletedAt).where(sql`status = 'deleting'`),
    index("videos_undo").on(t.undoUntil).where(sql`undo_until IS NOT NULL`),
  ],
);

/** The tags of videos that are not deleted, one row each. Triggers on `videos` maintain it. */
export const videoTags = pgTable(
  "video_tags",
  {
    ownerId: text("owner_id").notNull(),
    tag: text("tag").notNull(),
    videoId: text("video_id")
      .notNull()
      .references(() => videos.id, { onDelete: "cascade" }),
  },
  (t) => [
    primaryKey({ columns: [t.ownerId, t.tag, t.videoId] }),
    index("video_tags_tag").on(t.tag, t.videoId),
    index("video_tags_video").on(t.videoId),
  ],
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
