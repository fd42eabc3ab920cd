/** What endpoints are sent of an event: made once, so that every try sends the same. */
import { type WebhookEvent, webhookBodies } from "@storagex/contract/webhooks";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { makeSingleFlight } from "../cache/single-flight.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { defaultsOf } from "../db/defaults.ts";
import { videos } from "../db/schema/videos.ts";
import { readSnapshot } from "../videos/read.ts";
import { toVideoDetail } from "../videos/view.ts";

const deletedRow = z.object({
  id: z.string(),
  externalId: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
});

type Told = { eventId: string; type: WebhookEvent; at: string };

const MAX_AT_ONCE = 20;
const share = makeSingleFlight<string>(MAX_AT_ONCE);

/**
 * The body of an event, made and kept; once for all endpoints that ask at the same time. `at` is the time of
 * the event, ISO 8601.
 */
export const bodyOf = (edge: Edge, told: Told): Promise<string> =>
  share(edge, told.eventId, () => makeBody(edge, told));

async function makeBody(edge: Edge, { eventId, type, at }: Told): Promise<string> {
  const data = await dataOf(edge, type, eventId);
  const made =
    data === undefined ? null : JSON.stringify(webhookBodies[type].parse({ type, timestamp: at, data }));
  // Another try may have made it first: every try sends the same.
  const statement = sql`UPDATE webhook_events SET body = coalesce(body, ${made}::text), video = NULL WHERE id = ${eventId} RETURNING body`;
  const [kept] = await query(edge.db, statement, z.object({ body: z.string() }));
  // The event may be gone by now.
  const body = kept?.body ?? made;
  if (body === null) throw new Error(`nothing is left of event ${eventId}`);
  return body;
}

/** Undefined where the body has been made meanwhile, which takes the kept row with it. */
async function dataOf(edge: Edge, type: WebhookEvent, eventId: string): Promise<unknown> {
  if (type === "webhook.test") return {};
  // A row that was kept by the release before lacks the columns that came since.
  const snapshot = sql`SELECT kept.* FROM webhook_events
    CROSS JOIN LATERAL jsonb_populate_record(NULL::videos, ${defaultsOf(videos)} || video) AS kept
    WHERE webhook_events.id = ${eventId} AND video IS NOT NULL`;
  if (type === "video.deleted" || type === "upload.expired") {
    const named = sql`SELECT id, external_id AS "externalId", metadata FROM (${snapshot}) AS videos`;
    return (await query(edge.db, named, deletedRow))[0];
  }
  const video = await readSnapshot(edge.db, snapshot);
  return video && toVideoDetail(edge.config, video);
}
