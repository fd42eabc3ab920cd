/** Deletes rows no longer needed: sent outbox rows, old workers, old audit rows and audiences, remains of sign-ins. */
import { AUDIENCE_DAYS } from "@storagex/contract/audience";
import { ENDED_LINK_DAYS } from "@storagex/contract/upload-links";
import { DELIVERY_DAYS } from "@storagex/contract/webhooks";
import { sql } from "drizzle-orm";
import { forgetAudit } from "../audit/record.ts";
import type { Edge } from "../context.ts";
import { forgetIdempotencyKeys } from "../http/idempotency.ts";
import { sweepIdentity } from "../identity/sessions.ts";

/** Rows of a kind per run: few enough for one statement's time limit, more than a busy day adds. */
const BATCH = 10_000;

export async function dropOld({ db }: Edge): Promise<number> {
  const answers = await db.batch([
    db.execute(sql`DELETE FROM outbox WHERE id IN (
      SELECT id FROM outbox WHERE sent_at < now() - interval '1 hour' ORDER BY sent_at LIMIT ${BATCH}::int)`),
    db.execute(sql`DELETE FROM events WHERE id IN (
      SELECT id FROM events WHERE at < now() - interval '30 days' ORDER BY at LIMIT ${BATCH}::int)`),
    db.execute(sql`DELETE FROM webhook_events WHERE id IN (
      SELECT id FROM webhook_events WHERE at < now() - ${DELIVERY_DAYS}::int * interval '1 day' ORDER BY at LIMIT ${BATCH}::int)`),
    db.execute(sql`DELETE FROM audience_days WHERE id IN (
      SELECT id FROM audience_days WHERE day < current_date - ${AUDIENCE_DAYS}::int ORDER BY day LIMIT ${BATCH}::int)`),
    db.execute(forgetAudit),
    db.execute(forgetIdempotencyKeys),
    db.execute(sql`DELETE FROM shares WHERE id IN (
      SELECT id FROM shares WHERE expires_at < now() - interval '30 days' ORDER BY expires_at LIMIT ${BATCH}::int)`),
    db.execute(sql`DELETE FROM upload_links WHERE id IN (
      SELECT id FROM upload_links WHERE expires_at < now() - ${ENDED_LINK_DAYS}::int * interval '1 day'
      ORDER BY expires_at LIMIT ${BATCH}::int)`),
    db.execute(sql`DELETE FROM workers WHERE seen_at < now() - interval '1 day'`),
    db.execute(sql`DELETE FROM worker_ranks WHERE seen_at < now() - interval '1 day'`),
  ]);
  await sweepIdentity(db);
  return answers.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0);
}
