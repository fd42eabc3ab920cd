/** Drops rows that nobody will ask for again: sent outbox rows, workers long gone, old audit rows, and what sign-in leaves behind. */
import { sql } from "drizzle-orm";
import { forgetAudit } from "../audit/record.ts";
import type { Edge } from "../edge.ts";
import { sweepIdentity } from "../identity/sessions.ts";

export async function dropOld({ db }: Edge): Promise<number> {
  const answers = await db.batch([
    db.execute(sql`DELETE FROM outbox WHERE sent_at < now() - interval '1 hour'`),
    db.execute(sql`DELETE FROM events WHERE id IN (
      SELECT id FROM events WHERE at < now() - interval '30 days' ORDER BY at LIMIT 10000)`),
    db.execute(forgetAudit),
    db.execute(sql`DELETE FROM workers WHERE seen_at < now() - interval '1 day'`),
  ]);
  await sweepIdentity(db);
  return answers.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0);
}
