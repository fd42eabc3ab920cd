/** Webhooks as their owner manages them: make, list, change, rotate, delete. */
import { isRefusedAtOnce, readAllowList } from "@storagex/contract/net/addresses";
import {
  MAX_WEBHOOKS,
  type MadeWebhook,
  ROTATION_HOURS,
  WEBHOOK_EVENTS,
  WEBHOOK_SECRET_PREFIX,
  type Webhook,
  type WebhookRequest,
  type WebhookUpdate,
  webhookSchema,
} from "@storagex/contract/webhooks";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { audited } from "../audit/record.ts";
import type { Config } from "../config.ts";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { lockAccount, queryLocked } from "../db/lock.ts";
import { iso, isPlainId, json, oneLine } from "../db/text.ts";
import { newId, randomBase64 } from "../keys/random.ts";
import { seal } from "../keys/sealed.ts";
import { problem } from "../problem/problem.ts";
import { expectDeliveries } from "./hand-over.ts";

const SECRET_BYTES = 24;

const shown = (
  rest: SQL,
) => sql`SELECT id, url, coalesce(events, ${json(WEBHOOK_EVENTS)}) AS events, description, enabled,
    disabled_reason AS "disabledReason", ${iso(sql`created_at`)} AS "createdAt" ${rest}`;

/** Random bytes in base64, as Standard Webhooks has keys. */
const newSecret = () => WEBHOOK_SECRET_PREFIX + randomBase64(SECRET_BYTES);

/** Throws `webhook.address_refused` where it can be seen without resolving anything. */
function requireAllowed(config: Config, url: string): void {
  if (isRefusedAtOnce(new URL(url), readAllowList(config.STORAGEX_WEBHOOK_ALLOW ?? "")))
    throw problem("webhook.address_refused");
}

/** The condition on `webhooks` that it is the one of that owner. */
export const ownedBy = (ownerId: string, id: string): SQL =>
  sql`webhooks.id = ${isPlainId(id) ? id : ""} AND webhooks.owner_id = ${ownerId}`;

/** Throws `webhook.address_refused`, `webhook.too_many`. */
export async function createWebhook(
  edge: Edge,
  ownerId: string,
  { url, events, description = "" }: WebhookRequest,
): Promise<MadeWebhook> {
  requireAllowed(edge.config, url);
  const secret = newSecret();
  const statement = sql`WITH made AS (
      INSERT INTO webhooks (id, owner_id, url, events, description, secret_sealed)
      SELECT ${newId()}, id, ${url}, ${eventsOf(events)}, ${oneLine(description)}, ${await seal(edge.config, secret)} FROM users
      WHERE id = ${ownerId} AND (SELECT count(*) FROM webhooks WHERE owner_id = ${ownerId}) < ${MAX_WEBHOOKS}::int RETURNING *
    ), ${audited(edge.audit, "made", "webhook")}
    ${shown(sql`FROM made`)}`;
  const [webhook] = await queryLocked(edge.db, lockAccount(ownerId), statement, webhookSchema);
  if (!webhook) throw problem("webhook.too_many");
  expectDeliveries(edge);
  return { webhook, secret };
}

/** Null for all. */
const eventsOf = (events: WebhookRequest["events"] | null) =>
  events == null ? sql`NULL::jsonb` : json([...new Set(events)]);

/** Newest first. */
export function listWebhooks({ db }: Edge, ownerId: string): Promise<Webhook[]> {
  const own = sql`FROM webhooks WHERE owner_id = ${ownerId} ORDER BY created_at DESC, id DESC`;
  return query(db, shown(own), webhookSchema);
}

/** Throws `webhook.not_found`. */
export async function readWebhook({ db }: Edge, ownerId: string, id: string): Promise<Webhook> {
  const [webhook] = await query(db, shown(sql`FROM webhooks WHERE ${ownedBy(ownerId, id)}`), webhookSchema);
  if (!webhook) throw problem("webhook.not_found");
  return webhook;
}

/** Enabling forgets why it was disabled. Throws `webhook.not_found`, `webhook.address_refused`. */
export async function updateWebhook(
  edge: Edge,
  ownerId: string,
  id: string,
  { url, events, description, enabled }: WebhookUpdate,
): Promise<Webhook> {
  if (url !== undefined) requireAllowed(edge.config, url);
  const sets = [
    ...(url === undefined ? [] : [sql`url = ${url}, failing_since = NULL`]),
    ...(events === undefined ? [] : [sql`events = ${eventsOf(events)}`]),
    ...(description === undefined ? [] : [sql`description = ${oneLine(description)}`]),
    ...(enabled === undefined
      ? []
      : [
          sql`enabled = ${enabled}::bool, disabled_reason = NULL${url === undefined ? sql`, failing_since = NULL` : sql``}`,
        ]),
  ];
  // What is being sent to the old address is sent again to the new one, and says nothing of this one.
  const readdressed =
    url === undefined
      ? sql``
      : sql`, readdressed AS (
      UPDATE webhook_deliveries SET lease = NULL FROM changed
      WHERE webhook_id = changed.id AND lease IS NOT NULL AND status = 'waiting'
    )`;
  const statement = sql`WITH changed AS (
      UPDATE webhooks SET ${sql.join(sets, sql`, `)} WHERE ${ownedBy(ownerId, id)} RETURNING *
    ), ${audited(edge.audit, "changed", "webhook")}${readdressed}
    ${shown(sql`FROM changed`)}`;
  const [webhook] = await query(edge.db, statement, webhookSchema);
  if (!webhook) throw problem("webhook.not_found");
  if (enabled) expectDeliveries(edge);
  return webhook;
}

const idRow = z.object({ id: z.string() });

/** The secret before signs along for a day. Throws `webhook.not_found`. */
export async function rotateWebhook(edge: Edge, ownerId: string, id: string): Promise<string> {
  const secret = newSecret();
  const statement = sql`WITH changed AS (
      UPDATE webhooks SET old_secret_sealed = secret_sealed, secret_sealed = ${await seal(edge.config, secret)},
        old_secret_until = now() + ${ROTATION_HOURS}::int * interval '1 hour'
      WHERE ${ownedBy(ownerId, id)} RETURNING id
    ), ${audited(edge.audit, "changed", "webhook")}
    SELECT id FROM changed`;
  if ((await query(edge.db, statement, idRow)).length === 0) throw problem("webhook.not_found");
  return secret;
}

/** Throws `webhook.not_found`. */
export async function deleteWebhook(edge: Edge, ownerId: string, id: string): Promise<void> {
  const statement = sql`WITH gone AS (
      DELETE FROM webhooks WHERE ${ownedBy(ownerId, id)} RETURNING id
    ), ${audited(edge.audit, "gone", "webhook")}
    SELECT id FROM gone`;
  if ((await query(edge.db, statement, idRow)).length === 0) throw problem("webhook.not_found");
}
