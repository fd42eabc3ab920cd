/** Deliveries as a webhook's owner sees them, and those that the owner asks for. */
import {
  type DeliveryPage,
  deliveryAttemptSchema,
  deliveryStatusSchema,
  webhookEventSchema,
} from "@storagex/contract/webhooks";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { isAfter, readCursor, writeCursor } from "../db/lists/cursor.ts";
import { NEWEST, orderBy } from "../db/lists/order.ts";
import { iso, isPlainId } from "../db/text.ts";
import { newId } from "../keys/random.ts";
import { problem } from "../problem/problem.ts";
import { ownedBy, readWebhook } from "./endpoints.ts";

const deliveryRow = z.object({
  id: z.string(),
  eventId: z.string(),
  type: webhookEventSchema,
  status: deliveryStatusSchema,
  attempts: z.array(deliveryAttemptSchema),
  nextAttemptAt: z.string().nullable(),
  createdAt: z.string(),
  at: z.string(),
});

/** A page, newest first. Throws `webhook.not_found`, `request.invalid` for a cursor that is not ours. */
export async function listDeliveries(
  edge: Edge,
  ownerId: string,
  webhookId: string,
  {
    status,
    limit,
    cursor,
  }: {
    status?: z.infer<typeof deliveryStatusSchema> | undefined;
    limit: number;
    cursor?: string | undefined;
  },
): Promise<DeliveryPage> {
  await readWebhook(edge, ownerId, webhookId);
  const list = { name: "deliveries", webhookId, status };
  const after = cursor === undefined ? sql`true` : isAfter(await readCursor(cursor, list, NEWEST), NEWEST);
  const ofStatus = status === undefined ? sql`true` : sql`status = ${status}`;
  const page = sql`SELECT listed.id, event_id AS "eventId", webhook_events.type, status, attempts,
      CASE WHEN status = 'waiting' THEN ${iso(sql`next_attempt_at`)} END AS "nextAttemptAt",
      ${iso(sql`created_at`)} AS "createdAt", ${NEWEST.toText(sql`created_at`)} AS at
    FROM (SELECT * FROM webhook_deliveries WHERE webhook_id = ${webhookId} AND ${ofStatus} AND ${after}
      ${orderBy(NEWEST)} LIMIT ${limit + 1}::int) AS listed
    JOIN webhook_events ON webhook_events.id = listed.event_id
    ORDER BY created_at DESC, listed.id DESC`;
  const rows = await query(edge.db, page, deliveryRow);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(({ at: _, ...row }) => row),
    nextCursor: last ? await writeCursor(last, list) : null,
  };
}

const idRow = z.object({ id: z.string() });
/** As the trigger makes them: told apart from ids of other things in an endpoint's logs. */
const newDeliveryId = () => `dlv_${newId()}`;

/** Queues the event `webhook.test`. Returns the delivery. Throws `webhook.not_found`, `webhook.disabled`. */
export async function testWebhook(edge: Edge, ownerId: string, id: string): Promise<string> {
  const statement = sql`WITH told AS (
      INSERT INTO webhook_events (id, type, at)
      SELECT ${`evt_${newId()}`}, 'webhook.test', now() FROM webhooks WHERE ${ownedBy(ownerId, id)} AND enabled RETURNING id
    )
    INSERT INTO webhook_deliveries (id, webhook_id, event_id)
    SELECT ${newDeliveryId()}, webhooks.id, told.id FROM told, webhooks WHERE ${ownedBy(ownerId, id)} RETURNING id`;
  const [made] = await query(edge.db, statement, idRow);
  if (made) return made.id;
  await readWebhook(edge, ownerId, id);
  throw problem("webhook.disabled");
}

/**
 * Sends a delivery again, with all its tries; does nothing to one that is being sent. Throws
 * `webhook.not_found`, `webhook.disabled`, `webhook.delivery_not_found`.
 */
export async function redeliver(
  edge: Edge,
  ownerId: string,
  webhookId: string,
  deliveryId: string,
): Promise<string> {
  const { enabled } = await readWebhook(edge, ownerId, webhookId);
  if (!enabled) throw problem("webhook.disabled");
  const own = sql`id = ${isPlainId(deliveryId) ? deliveryId : ""} AND webhook_id = ${webhookId}`;
  const statement = sql`WITH again AS (
      UPDATE webhook_deliveries SET status = 'waiting', tries = 0,
        -- One that was never due stays: it tells of a deletion that can be undone until then.
        next_attempt_at = CASE WHEN status = 'waiting' AND leased_at IS NULL THEN next_attempt_at ELSE now() END
      WHERE ${own} AND handed_until < now()
    )
    SELECT id FROM webhook_deliveries WHERE ${own}`;
  const [found] = await query(edge.db, statement, idRow);
  if (!found) throw problem("webhook.delivery_not_found");
  return found.id;
}
