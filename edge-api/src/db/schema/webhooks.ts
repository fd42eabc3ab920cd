/** Webhooks, the events that they are told, and the deliveries. */
import type { DeliveryAttempt, WebhookEvent } from "@storagex/contract/webhooks";
import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { now, timestamptz } from "../columns.ts";
import { users } from "./accounts.ts";

/** An endpoint that is told what happens to the videos of one account. */
export const webhooks = pgTable(
  "webhooks",
  {
    id: text("id").primaryKey(),
    ownerId: text("owner_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    url: text("url").notNull(),
    /** Null for all, also those of later releases. */
    events: jsonb("events").$type<WebhookEvent[]>(),
    description: text("description").notNull().default(""),
    enabled: boolean("enabled").notNull().default(true),
    disabledReason: text("disabled_reason").$type<"gone" | "failing">(),
    /** Encrypted (`keys/sealed`), because deliveries are signed with it. */
    secretSealed: text("secret_sealed").notNull(),
    /** The secret before the last rotation, which signs along until a time. */
    oldSecretSealed: text("old_secret_sealed"),
    oldSecretUntil: timestamptz("old_secret_until"),
    /** When its first try failed since one succeeded; null while none has. */
    failingSince: timestamptz("failing_since"),
    createdAt: timestamptz("created_at").notNull().default(now),
  },
  (t) => [
    index("webhooks_owner").on(t.ownerId, t.createdAt.desc(), t.id.desc()),
    index("webhooks_sealed").on(sql`split_part(secret_sealed, '.', 2)`),
    index("webhooks_old_sealed")
      .on(sql`split_part(old_secret_sealed, '.', 2)`)
      .where(sql`old_secret_sealed IS NOT NULL`),
  ],
);

/**
 * What endpoints are told, once for all of them. A trigger on `events` writes it with its deliveries, in the
 * statement that makes the event true.
 */
export const webhookEvents = pgTable(
  "webhook_events",
  {
    id: text("id").primaryKey(),
    type: text("type").$type<WebhookEvent>().notNull(),
    at: timestamptz("at").notNull(),
    videoId: text("video_id"),
    /** The video's row after the statement; null for a test. Removed when `body` is made of it. */
    video: jsonb("video").$type<Record<string, unknown>>(),
    /** What is sent, made at the first try. */
    body: text("body"),
  },
  (t) => [index("webhook_events_at").on(t.at), index("webhook_events_video").on(t.videoId, t.type)],
);

export const webhookDeliveries = pgTable(
  "webhook_deliveries",
  {
    id: text("id").primaryKey(),
    webhookId: text("webhook_id")
      .notNull()
      .references(() => webhooks.id, { onDelete: "cascade" }),
    eventId: text("event_id")
      .notNull()
      .references(() => webhookEvents.id, { onDelete: "cascade" }),
    status: text("status").$type<"waiting" | "delivered" | "failed">().notNull().default("waiting"),
    /** Tries since it was first sent, or sent again. */
    tries: integer("tries").notNull().default(0),
    /** The last ones. */
    attempts: jsonb("attempts").$type<DeliveryAttempt[]>().notNull().default([]),
    nextAttemptAt: timestamptz("next_attempt_at").notNull().default(now),
    /** Until when its message is on the way to the sender, and then who sends it until when. */
    handedUntil: timestamptz("handed_until").notNull().default(sql`'-infinity'`),
    lease: text("lease"),
    leasedAt: timestamptz("leased_at"),
    createdAt: timestamptz("created_at").notNull().default(now),
  },
  (t) => [
    // None by time alone: PostgreSQL would look for one endpoint's next delivery through the backlogs of all others.
    index("webhook_deliveries_waiting").on(t.webhookId, t.nextAttemptAt).where(sql`status = 'waiting'`),
    index("webhook_deliveries_handed").on(t.webhookId, t.handedUntil).where(sql`status = 'waiting'`),
    index("webhook_deliveries_newest").on(t.webhookId, t.createdAt.desc(), t.id.desc()),
    index("webhook_deliveries_event").on(t.eventId),
  ],
);
