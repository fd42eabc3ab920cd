/** What the replicas and workers say of themselves. */
import { bigint, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { now, timestamptz } from "../columns.ts";

/** Duties, such as the sweeps, that only one replica performs at a time: the holder, and until when. */
export const duties = pgTable("duties", {
  name: text("name").primaryKey(),
  holder: text("holder").notNull(),
  until: timestamptz("until").notNull(),
});

/** Workers that sent a hello within a day; those of the last 30 s count as live. */
export const workers = pgTable("workers", {
  name: text("name").primaryKey(),
  slots: integer("slots").notNull(),
  seenAt: timestamptz("seen_at").notNull().default(now),
  /** What the worker said of itself; null for one of an earlier release. */
  version: text("version"),
  ffmpeg: text("ffmpeg"),
  encoder: text("encoder"),
  /** Set by an administrator: the worker finishes its tasks and takes no new one. */
  drainedAt: timestamptz("drained_at"),
  /** Attempts that ended with a report. */
  tasksDone: bigint("tasks_done", { mode: "number" }).notNull().default(0),
  tasksFailed: bigint("tasks_failed", { mode: "number" }).notNull().default(0),
});

/** What each worker runs, by rank, for the others of its machine (`tasks/neighbours`). */
export const workerRanks = pgTable(
  "worker_ranks",
  {
    worker: text("worker").primaryKey(),
    machine: text("machine").notNull(),
    express: integer("express").notNull(),
    short: integer("short").notNull(),
    seenAt: timestamptz("seen_at").notNull().default(now),
  },
  (t) => [index("worker_ranks_machine").on(t.machine)],
);

/** Where the sweep of objects continues in each area of the bucket; null: at its beginning. */
export const sweepPositions = pgTable("sweep_positions", {
  area: text("area").primaryKey(),
  afterKey: text("after_key"),
});
