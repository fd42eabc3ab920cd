/** What the replicas and workers say of themselves. */
import { integer, pgTable, text } from "drizzle-orm/pg-core";
import { now, timestamptz } from "../columns.ts";

/** Duties, such as the sweeps, that only one replica performs at a time: the holder, and until when. */
export const duties = pgTable("duties", {
  name: text("name").primaryKey(),
  holder: text("holder").notNull(),
  until: timestamptz("until").notNull(),
});

/** Workers that sent a hello recently; those of the last 30 s count as live. */
export const workers = pgTable("workers", {
  name: text("name").primaryKey(),
  slots: integer("slots").notNull(),
  seenAt: timestamptz("seen_at").notNull().default(now),
});
