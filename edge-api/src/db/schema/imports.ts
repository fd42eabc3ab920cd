/** Imports: videos whose source is fetched from an address, and how far that is. */
import type { Validator } from "@storagex/contract/uploads/imports";
import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { bytes, now, timestamptz } from "../columns.ts";
import { videos } from "./videos.ts";

/** Kept with its video, and deleted with the video's deletion. */
export const imports = pgTable(
  "imports",
  {
    videoId: text("video_id")
      .primaryKey()
      .references(() => videos.id, { onDelete: "cascade" }),
    /** Encrypted (`keys/sealed`): it may hold secrets. Null once the source is stored. */
    addressSealed: text("address_sealed"),
    /** Bytes that have come; and about the most that ever had, by which progress is told from going round in circles. */
    received: bytes("received").notNull().default(0),
    furthest: bytes("furthest").notNull().default(0),
    /** As the address said it; null before, and where it does not. `videos.size` is what is reserved. */
    size: bytes("size"),
    /** Null where what is stored cannot be continued. */
    validator: jsonb("validator").$type<Validator>(),
    /** Tries in a row that brought nothing further. */
    failures: integer("failures").notNull().default(0),
    dueAt: timestamptz("due_at").notNull().default(now),
    lease: text("lease"),
    leasedUntil: timestamptz("leased_until").notNull().default(sql`'-infinity'`),
    reportedAt: timestamptz("reported_at"),
  },
  (t) => [
    index("imports_sealed")
      .on(sql`split_part(address_sealed, '.', 2)`)
      .where(sql`address_sealed IS NOT NULL`),
    index("imports_due").on(t.dueAt).where(sql`address_sealed IS NOT NULL`),
    index("imports_leased").on(t.leasedUntil).where(sql`lease IS NOT NULL`),
  ],
);
