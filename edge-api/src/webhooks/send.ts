/** What the sender asks and reports: the signed request of a delivery, and how its try ended. */
import type { claimedDeliverySchema, DeliveryAttempt, DeliveryReport } from "@storagex/contract/webhooks";
import {
  DELIVERY_SECONDS,
  MAX_FAILING_DAYS,
  MAX_IN_FLIGHT,
  RETRY_WAITS,
  webhookEventSchema,
} from "@storagex/contract/webhooks";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { isUnavailable } from "../db/failure.ts";
import { queryLocked } from "../db/lock.ts";
import { iso, isPlainId, json, storable } from "../db/text.ts";
import { isActive } from "../identity/active.ts";
import { log, reasonOf } from "../observe/log.ts";
import { bodyOf } from "./body.ts";
import { handOverSoon } from "./hand-over.ts";
import { signedHeaders, Unsendable } from "./sign.ts";

/** A try's own time, and time to report it. A sender that dies leaves it to others after that. */
const LEASE_SECONDS = DELIVERY_SECONDS + 25;
const KEPT_ATTEMPTS = 20;

type Claimed = z.infer<typeof claimedDeliverySchema>;
const claimedRow = z.object({
  eventId: z.string(),
  type: z.string(),
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
  const statement = sql`WITH endpoint AS (
      SELECT webhooks.* FROM webhooks JOIN users AS u ON u.id = webhooks.owner_id
      WHERE webhooks.id = (SELECT webhook_id FROM webhook_deliveries WHERE id = ${id}) AND enabled AND ${isActive}
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
  // Of two claims at once, the second sees the first in its count.
  const [row] = await queryLocked(edge.db, lockEndpoint(id), statement, claimedRow);
  if (!row) {
    // A report may have made a place meanwhile, and looked for who gets it before this one was given back.
    handOverSoon(edge);
    return { outcome: "none" };
  }
  try {
    return { outcome: "leased", ...(await requestOf(edge, row)) };
  } catch (error) {
    if (!isUnavailable(error)) {
      await endUnsent(edge, id, lease, error);
      return { outcome: "none" };
    }
    // Nobody has the lease. The sender asks again at once, which must not find it taken.
    await edge.db.execute(sql`UPDATE webhook_deliveries SET lease = NULL, handed_until = '-infinity'
      WHERE id = ${id} AND lease = ${lease}`);
    throw error;
  }
}

/** Endpoint before delivery, in every statement: claims and reports of one delivery cannot wait for each other. */
const lockEndpoint = (deliveryId: string): SQL => sql`SELECT 1 FROM webhooks
  WHERE id = (SELECT webhook_id FROM webhook_deliveries WHERE id = ${deliveryId}) FOR NO KEY UPDATE`;

async function requestOf(edge: Edge, row: z.infer<typeof claimedRow>) {
  const body = row.body ?? (await bodyOf(edge, { ...row, type: webhookEventSchema.parse(row.type) }));
  return { url: row.url, headers: await signedHeaders(edge.config, row.eventId, body, row), body };
}

/** Ends a try that never left: it counts and waits as others do, so that those behind it go on. Its endpoint is not to blame. */
async function endUnsent(edge: Edge, id: string, lease: string, error: unknown): Promise<void> {
  log("error", "a delivery cannot be made", { delivery: id, reason: reasonOf(error) });
  const reason =
    error instanceof Unsendable ? error.message : "the server could not make the request: its log says why";
  const attempt = { status: null, milliseconds: 0, error: reason, response: null };
  await edge.db.execute(ended(id, lease, attempt, false));
  handOverSoon(edge);
}

/** Writes a try that ended, and when the next is due. */
const ended = (
  id: string,
  lease: string,
  attempt: Omit<DeliveryAttempt, "at">,
  isDelivered: boolean,
): SQL => sql`UPDATE webhook_deliveries SET tries = tries + 1, lease = NULL, handed_until = '-infinity',
    attempts = jsonb_path_query_array(attempts, ${`$[last - ${KEPT_ATTEMPTS - 2} to last]`}::jsonpath)
      || jsonb_build_array(jsonb_build_object('at', ${iso(sql`leased_at`)}) || ${json(attempt)}),
    status = CASE WHEN ${isDelivered}::bool THEN 'delivered' WHEN tries >= ${RETRY_WAITS.length}::int THEN 'failed' ELSE 'waiting' END,
    next_attempt_at = now() + coalesce((${json(RETRY_WAITS)} ->> tries)::int, 0) * interval '1 second'
  WHERE id = ${id} AND lease = ${lease} RETURNING webhook_id`;

/** Writes how a try ended, and when the next is due. Does nothing where another has the lease by now. */
export async function reportDelivery(edge: Edge, id: string, report: DeliveryReport): Promise<void> {
  if (!isPlainId(id)) return;
  const { lease, status, milliseconds } = report;
  const isDelivered = status !== null && status >= 200 && status < 300;
  const text = (value: string | null) => (value === null ? null : storable(value));
  const attempt = { status, milliseconds, error: text(report.error), response: text(report.response) };
  const statement = sql`WITH ended AS (${ended(id, lease, attempt, isDelivered)})
    UPDATE webhooks SET failing_since = ${isDelivered ? sql`NULL` : sql`coalesce(failing_since, now())`},
      enabled = enabled AND NOT ${status === 410}::bool AND NOT (${!isDelivered}::bool AND ${isFailing}),
      disabled_reason = CASE WHEN NOT enabled THEN disabled_reason WHEN ${status === 410}::bool THEN 'gone'
        WHEN ${!isDelivered}::bool AND ${isFailing} THEN 'failing' END
    FROM ended WHERE webhooks.id = ended.webhook_id`;
  await edge.db.batch([edge.db.execute(lockEndpoint(id)), edge.db.execute(statement)]);
  // What waited behind it has a place now.
  handOverSoon(edge);
}

const isFailing = sql`coalesce(failing_since < now() - ${MAX_FAILING_DAYS}::int * interval '1 day', false)`;
