/** Deletes rows no longer needed: sent outbox rows, old workers, old audit rows and audiences, remains of sign-ins. */
import { AUDIENCE_DAYS } from "@storagex/contract/audience";
import { ENDED_LINK_DAYS } from "@storagex/contract/uploads/upload-links";
import { DELIVERY_DAYS } from "@storagex/contract/webhooks";
import { type SQL, sql } from "drizzle-orm";
import { forgetAudit } from "../audit/record.ts";
import type { Edge } from "../context.ts";
import { forgetIdempotencyKeys } from "../http/idempotency.ts";
import { FORGET_IDENTITY } from "../identity/sessions/sessions.ts";

/** Rows of a kind per run, few enough for one statement's time limit. If there are more, the next run follows at once. */
export const OLD_ROWS = 10_000;
const max = sql`LIMIT ${sql.raw(String(OLD_ROWS))}`;

const isToldOf = sql`at < now() - ${DELIVERY_DAYS}::int * interval '1 day'`;

const OLD: readonly SQL[] = [
  sql`DELETE FROM outbox WHERE id IN (
    SELECT id FROM outbox WHERE sent_at < now() - interval '1 hour' ORDER BY sent_at ${max})`,
  sql`DELETE FROM events WHERE id IN (
    SELECT id FROM events WHERE at < now() - interval '30 days' ORDER BY at ${max})`,
  // An event may have many deliveries: they would go with it in one statement.
  sql`DELETE FROM webhook_deliveries WHERE id IN (SELECT deliveries.id
    FROM (SELECT id FROM webhook_events WHERE ${isToldOf} ORDER BY at ${max}) AS old
    JOIN webhook_deliveries AS deliveries ON deliveries.event_id = old.id ${max})`,
  sql`DELETE FROM webhook_events WHERE id IN (SELECT id FROM webhook_events WHERE ${isToldOf}
      AND NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE event_id = webhook_events.id) ORDER BY at ${max})`,
  sql`DELETE FROM audience_days WHERE id IN (
    SELECT id FROM audience_days WHERE day < current_date - ${AUDIENCE_DAYS}::int ORDER BY day ${max})`,
  ...FORGET_IDENTITY,
  forgetAudit,
  forgetIdempotencyKeys,
  sql`DELETE FROM shares WHERE id IN (
    SELECT id FROM shares WHERE expires_at < now() - interval '30 days' ORDER BY expires_at ${max})`,
  sql`DELETE FROM upload_links WHERE id IN (
    SELECT id FROM upload_links WHERE expires_at < now() - ${ENDED_LINK_DAYS}::int * interval '1 day'
    ORDER BY expires_at ${max})`,
  sql`UPDATE webhooks SET old_secret_sealed = NULL WHERE old_secret_sealed IS NOT NULL AND old_secret_until < now()`,
  sql`DELETE FROM workers WHERE seen_at < now() - interval '1 day'`,
  sql`DELETE FROM worker_ranks WHERE seen_at < now() - interval '1 day'`,
];

/** One statement after the other: one that fails or takes long stops no other. Returns how many rows went. */
export async function dropOld({ db }: Edge): Promise<number> {
  let gone = 0;
  const failures: unknown[] = [];
  for (const statement of OLD) {
    try {
      gone += (await db.execute(statement)).rowCount ?? 0;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0)
    throw new Error(`${failures.length} kinds of old rows stay`, { cause: failures[0] });
  return gone;
}
