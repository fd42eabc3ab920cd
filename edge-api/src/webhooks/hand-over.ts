/**
 * Gives due deliveries to the bridge, which puts them into RabbitMQ for the sender. Messages may be lost or
 * doubled: the claim decides, and what nobody claims is handed over again.
 */
import { HAND_OVER_DELIVERIES_PATH } from "@storagex/contract/routes/internal";
import { MAX_IN_FLIGHT } from "@storagex/contract/webhooks";
import { sql } from "drizzle-orm";
import { createMiddleware } from "hono/factory";
import { z } from "zod";
import type { AppEnv } from "../app-env.ts";
import { oneAtATime } from "../cache/one-at-a-time.ts";
import { type Edge, edgeOf } from "../context.ts";
import { query } from "../db/connect.ts";
import { json } from "../db/text.ts";
import { isActive } from "../identity/active.ts";
import { log, reasonOf } from "../observe/log.ts";
import { postToBridge } from "../outbox/bridge.ts";

/** Deliveries in one call of the bridge. */
const BATCH = 200;
/** Messages that nobody took for so long are gone: the queue drops them, too. */
const HANDED_SECONDS = 60;
/** How long an isolate believes that there are webhooks, or none, before it looks again. */
const KNOWN_MS = 5_000;

const dueRow = z.object({ deliveryId: z.string() });

/**
 * Hands over what is due, a few per endpoint: a deaf one fills no queue. Returns how many. Endpoints that have something waiting are found
 * by steps through an index, from one to the next, and what is in flight by another: no backlog is read, however long.
 */
export async function handOverDeliveries(edge: Edge): Promise<number> {
  const statement = sql`WITH RECURSIVE waiting AS (
      (SELECT webhook_id FROM webhook_deliveries WHERE status = 'waiting' ORDER BY webhook_id LIMIT 1)
      UNION ALL
      SELECT (SELECT after.webhook_id FROM webhook_deliveries AS after
        WHERE after.status = 'waiting' AND after.webhook_id > waiting.webhook_id ORDER BY after.webhook_id LIMIT 1)
      FROM waiting WHERE waiting.webhook_id IS NOT NULL
    ), due AS (
      SELECT next.id FROM waiting JOIN webhooks ON webhooks.id = waiting.webhook_id
      JOIN users AS u ON u.id = webhooks.owner_id AND ${isActive}
      CROSS JOIN LATERAL (
        SELECT id FROM webhook_deliveries
        WHERE webhook_id = webhooks.id AND status = 'waiting' AND next_attempt_at <= now() AND handed_until < now()
        ORDER BY next_attempt_at LIMIT greatest(0, ${MAX_IN_FLIGHT}::int - (
          SELECT count(*) FROM webhook_deliveries AS sent
          WHERE sent.webhook_id = webhooks.id AND sent.status = 'waiting' AND sent.handed_until >= now()))
        FOR UPDATE SKIP LOCKED
      ) AS next WHERE webhooks.enabled LIMIT ${BATCH}::int
    )
    UPDATE webhook_deliveries SET lease = NULL, handed_until = now() + ${HANDED_SECONDS}::int * interval '1 second'
    FROM due WHERE webhook_deliveries.id = due.id RETURNING webhook_deliveries.id AS "deliveryId"`;
  const deliveries = await query(edge.db, statement, dueRow);
  if (deliveries.length === 0) return 0;
  try {
    await postToBridge(edge.config, HAND_OVER_DELIVERIES_PATH, { deliveries });
  } catch (error) {
    log("warn", "the bridge did not take the deliveries", {
      deliveries: deliveries.length,
      reason: reasonOf(error),
    });
    const ids = json(deliveries.map(({ deliveryId }) => deliveryId));
    await edge.db.execute(sql`UPDATE webhook_deliveries SET handed_until = now() + interval '5 seconds'
      WHERE id IN (SELECT jsonb_array_elements_text(${ids})) AND lease IS NULL`);
  }
  return deliveries.length;
}

/** As `handOverDeliveries`, after the response; once for all that ask while it runs. */
export const handOverSoon = oneAtATime(async (edge: Edge) => (await handOverDeliveries(edge)) === BATCH);

let known = { any: false, until: 0 };

/** There is a webhook now: this isolate hands over from now on. */
export function expectDeliveries(edge: Edge): void {
  known = { any: true, until: Date.now() + KNOWN_MS };
  handOverSoon(edge);
}

async function areThereAny({ db }: Edge): Promise<boolean> {
  if (known.until > Date.now()) return known.any;
  // Before the answer: of many calls at a time one asks.
  known = { ...known, until: Date.now() + KNOWN_MS };
  const statement = sql`SELECT EXISTS (SELECT 1 FROM webhooks WHERE enabled) AS any`;
  const [row] = await query(db, statement, z.object({ any: z.boolean() }));
  known = { any: row?.any ?? false, until: Date.now() + KNOWN_MS };
  return known.any;
}

/** Hands over what was written just now. Where there is no webhook it costs a statement every few seconds. */
export function deliverSoon(edge: Edge): void {
  edge.waitUntil(
    (async () => {
      if (await areThereAny(edge)) handOverSoon(edge);
    })(),
  );
}

/** After a call that may have made an event true, hands over what it has written. */
export const deliverAfter = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  if (c.res.status < 400 && c.get("wakes")) deliverSoon(edgeOf(c));
});
