/** What the sender asks and reports: the signed request of a delivery, and how its try ended. */
import type { claimedDeliverySchema, DeliveryAttempt, DeliveryReport } from "@storagex/contract/webhooks";
import {
  DELIVERY_SECONDS,
  MAX_FAILING_DAYS,
  MAX_IN_FLIGHT,
  RETRY_WAITS,
  webhookEventSchema,
} from "@storagex/contract/webhooks";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { iso, isPlainId, json, storable } from "../db/text.ts";
import { isActive } from "../identity/active.ts";
import { bodyOf } from "./body.ts";
import { handOverDeliveries } from "./hand-over.ts";
import { signedHeaders } from "./sign.ts";

/** A try's own time, and time to report it. A sender that dies leaves it to others after that. */
const LEASE_SECONDS = DELIVERY_SECONDS + 25;
const KEPT_ATTEMPTS = 20;

type Claimed = z.infer<typeof claimedDeliverySchema>;
const claimedRow = z.object({
  eventId: z.string(),
  type: webhookEventSchema,
  at: z.string(),
  body: z.string().nullable(),
  url: z.string(),
  secret: z.string(),
  oldSecret: z.string().nullable(),
});

/**
 * Leases a delivery under the sender's own name for the lease, and returns what to send. Nothing is sent for one that is
 * done, disabled or leased to another, nor while its endpoint has as many in flight as it may. Who claims again by the same
 * name has not got the answer.
 */
export async function claimDelivery(edge: Edge, id: string, lease: string): Promise<Claimed> {
  if (!isPlainId(id)) return { outcome: "none" };
  const ofDelivery = sql`webhooks.id = (SELECT webhook_id FROM webhook_deliveries WHERE id = ${id})`;
  // The endpoint is locked, so that two claims do not both take its last place; by a statement of its own, because one
  // that waited for the lock would count what was in flight before it waited.
  const lock = sql`SELECT 1 FROM webhooks WHERE ${ofDelivery} FOR NO KEY UPDATE`;
  const statement = sql`WITH endpoint AS (
      SELECT webhooks.* FROM webhooks JOIN users AS u ON u.id = webhooks.owner_id
      WHERE ${ofDelivery} AND enabled AND ${isActive}
    ), taken AS (
      UPDATE webhook_deliveries SET lease = ${lease}, leased_at = now(),
        handed_until = now() + ${LEASE_SECONDS}::int * interval '1 second'
      FROM endpoint WHERE webhook_deliveries.id = ${id} AND status = 'waiting' AND next_attempt_at <= now()
        AND (lease IS NULL OR lease = ${lease} OR handed_until < now())
        AND (SELECT count(*) FROM webhook_deliveries AS sent WHERE sent.webhook_id = endpoint.id AND sent.id <> ${id}
          AND sent.status = 'waiting' AND sent.lease IS NOT NULL AND sent.handed_until >= now()) < ${MAX_IN_FLIGHT}::int
      RETURNING event_id, endpoint.url, endpoint.secret_sealed AS secret,
        CASE WHEN endpoint.old_secret_until > now() THEN endpoint.old_secret_sealed END AS "oldSecret"
    ), back AS (
      UPDATE webhook_deliveries SET handed_until = '-infinity'
      WHERE id = ${id} AND lease IS NULL AND NOT EXISTS (SELECT 1 FROM taken)
    )
    SELECT event_id AS "eventId", type, ${iso(sql`at`)} AS at, body, url, secret, "oldSecret"
    FROM taken JOIN webhook_events ON webhook_events.id = taken.event_id`;
  const [, { rows }] = await edge.db.batch([edge.db.execute(lock), edge.db.execute(statement)]);
  const [row] = z.array(claimedRow).parse(rows);
  if (!row) {
    // A report may have made a place meanwhile, and looked for who gets it before this one was given back.
    edge.waitUntil(handOverDeliveries(edge));
    return { outcome: "none" };
  }
  try {
    const body = row.body ?? (await bodyOf(edge, row));
    const headers = await signedHeaders(edge.config, row.eventId, body, row);
    return { outcome: "leased", url: row.url, headers, body };
  } catch (error) {
    // Nobody has the lease. The sender asks again at once, which must not find it taken.
    await edge.db.execute(sql`UPDATE webhook_deliveries SET lease = NULL, handed_until = '-infinity'
      WHERE id = ${id} AND lease = ${lease}`);
    throw error;
  }
}

/** Writes how a try ended, and when the next is due. Does nothing where another has the lease by now. */
export async function reportDelivery(edge: Edge, id: string, report: DeliveryReport): Promise<void> {
  if (!isPlainId(id)) return;
  const { lease, status, milliseconds } = report;
  const isDelivered = status !== null && status >= 200 && status < 300;
  const text = (value: string | null) => (value === null ? null : storable(value));
  const attempt: Omit<DeliveryAttempt, "at"> = {
    status,
    milliseconds,
    error: text(report.error),
    response: text(report.response),
  };
  const statement = sql`WITH ended AS (
      UPDATE webhook_deliveries SET tries = tries + 1, lease = NULL, handed_until = '-infinity',
        attempts = jsonb_path_query_array(attempts, ${`$[last - ${KEPT_ATTEMPTS - 2} to last]`}::jsonpath)
          || jsonb_build_array(jsonb_build_object('at', ${iso(sql`leased_at`)}) || ${json(attempt)}),
        status = CASE WHEN ${isDelivered}::bool THEN 'delivered' WHEN tries >= ${RETRY_WAITS.length}::int THEN 'failed' ELSE 'waiting' END,
        next_attempt_at = now() + coalesce((${json(RETRY_WAITS)} ->> tries)::int, 0) * interval '1 second'
      WHERE id = ${id} AND lease = ${lease} RETURNING webhook_id
    )
    UPDATE webhooks SET failing_since = ${isDelivered ? sql`NULL` : sql`coalesce(failing_since, now())`},
      enabled = enabled AND NOT ${status === 410}::bool AND NOT (${!isDelivered}::bool AND ${isFailing}),
      disabled_reason = CASE WHEN NOT enabled THEN disabled_reason WHEN ${status === 410}::bool THEN 'gone'
        WHEN ${!isDelivered}::bool AND ${isFailing} THEN 'failing' END
    FROM ended WHERE webhooks.id = ended.webhook_id`;
  await edge.db.execute(statement);
}

const isFailing = sql`coalesce(failing_since < now() - ${MAX_FAILING_DAYS}::int * interval '1 day', false)`;
