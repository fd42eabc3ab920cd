/** The sessions of an account as their owner sees them: where one is signed in, and signing out there. */
import Bowser from "bowser";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Caller } from "../../app-env.ts";
import { audited } from "../../audit/record.ts";
import type { Edge } from "../../context.ts";
import { type Db, query } from "../../db/connect.ts";
import { iso, oneLine } from "../../db/text.ts";
import { problem } from "../../problem/problem.ts";

const MAX_CLIENT = 100;

/** Browser and system of a user agent, e.g. "Firefox on Linux", or a program's name; null if it says neither. */
export function clientOf(userAgent: string | undefined): string | null {
  if (!userAgent) return null;
  const { browser, os } = Bowser.parse(userAgent.slice(0, 500));
  const program = browser.name || /^[\w.-]+/.exec(userAgent)?.[0];
  const client = [program, os.name].filter(Boolean).join(" on ");
  return oneLine(client).slice(0, MAX_CLIENT) || null;
}

/** Notes who has just opened the session. */
export async function noteClient(db: Db, sessionId: string, userAgent: string | undefined): Promise<void> {
  await db.execute(sql`UPDATE sessions SET client = ${clientOf(userAgent)}::text WHERE id = ${sessionId}`);
}

const sessionRow = z.object({
  id: z.string(),
  current: z.boolean(),
  client: z.string().nullable(),
  createdAt: z.string(),
  lastUsedAt: z.string(),
});

const valid = sql`ended_at IS NULL AND expires_at > now()`;

/** At most 100, the last used first. */
export function listSessions(db: Db, { userId, sessionId }: Caller): Promise<z.infer<typeof sessionRow>[]> {
  const statement = sql`SELECT id, id = ${sessionId} AS current, client, ${iso(sql`created_at`)} AS "createdAt",
      ${iso(sql`last_used_at`)} AS "lastUsedAt"
    FROM sessions WHERE user_id = ${userId} AND ${valid} ORDER BY sessions.last_used_at DESC LIMIT 100`;
  return query(db, statement, sessionRow);
}

/** Ends one of the caller's sessions. Throws `session.not_found`. */
export async function endOwnSession(edge: Edge, { userId }: Caller, id: string): Promise<void> {
  const ended = await endWhere(edge, userId, sql`id = ${oneLine(id)}`);
  if (ended === 0) throw problem("session.not_found");
}

/** Ends all sessions of the caller but the current one. */
export const endOtherSessions = (edge: Edge, { userId, sessionId }: Caller): Promise<number> =>
  endWhere(edge, userId, sql`id <> ${sessionId}`);

async function endWhere({ db, audit }: Edge, userId: string, condition: SQL): Promise<number> {
  const statement = sql`WITH ended AS (
      UPDATE sessions SET ended_at = now() WHERE user_id = ${userId} AND ${valid} AND ${condition} RETURNING id, user_id
    ), ${audited(audit, "ended", "session")}
    SELECT id FROM ended`;
  return (await query(db, statement, z.object({ id: z.string() }))).length;
}
