/** Tasks and the outbox of their messages. */
import type { TaskKind } from "@storagex/contract/tasks/kinds";
import { sql } from "drizzle-orm";
import {
  bigserial,
  doublePrecision,
  index,
  integer,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { now, numberRanges, timestamptz } from "../columns.ts";
import { videos } from "./videos.ts";

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
    /** Numbers of the upload's parts without which it cannot begin; null: all that it needs is there. */
    needs: numberRanges("needs"),
    progress: doublePrecision("progress").notNull().default(0),
    speed: doublePrecision("speed"),
    /** Seconds of the attempt that succeeded; null before that, and for tasks of an older release. */
    cpuSeconds: doublePrecision("cpu_seconds"),
    wallSeconds: doublePrecision("wall_seconds"),
    /** Reported failures that allow a retry. Claims that ended without a report are counted separately. */
    failures: integer("failures").notNull().default(0),
    /** Code and cause of the last failure that allowed a retry; null if it named none. */
    failureCause: text("failure_cause"),
    /** Since when no failure was counted, because the object store was away; null if the last one was counted. */
    storeAwaySince: timestamptz("store_away_since"),
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
