/** Sessions: families of rotating refresh tokens (RFC 9700, section 4.14.2). Only hashes are stored. */
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Caller } from "../../app-env.ts";
import { audited } from "../../audit/record.ts";
import type { Edge } from "../../context.ts";
import { query } from "../../db/connect.ts";
import { forgetCounts } from "../../db/count.ts";
import { hashOf, newId, newSecret } from "../../keys/random.ts";
import { problem } from "../../problem/problem.ts";
import { isActive } from "../active.ts";

/** A session ends after this long without use. */
export const SESSION_DAYS = 30;
/** Every session ends after this long, used or not: users must enter their password from time to time. */
const LONGEST_SESSION_DAYS = 180;
/** Unused successors that are kept. Of more (tabs that woke at once, lost responses) the oldest go. */
const MAX_UNUSED = 50;
/** Two tabs may refresh at once, and a response may be lost: so long both tokens of a rotation are valid. */
const GRACE_SECONDS = 10;

export type Opened = { sessionId: string; refreshToken: string };

const expiry = sql`now() + ${SESSION_DAYS}::int * interval '1 day'`;

/**
 * The CTEs that open a session for the user in the CTE `account` (id), if it has a row; `session` has its `id`
 * and `user_id`.
 */
export async function openFrom(account: SQL): Promise<{ opened: Opened; openings: SQL }> {
  const opened = { sessionId: newId(), refreshToken: newSecret() };
  const openings = sql`session AS (
      INSERT INTO sessions (id, user_id, expires_at) SELECT ${opened.sessionId}, id, ${expiry} FROM ${account}
      RETURNING id, user_id
    ), token AS (
      INSERT INTO refresh_tokens (token_hash, session_id)
      SELECT ${await hashOf(opened.refreshToken)}, id FROM session
    )`;
  return { opened, openings };
}

const presentedRow = z.object({
  userId: z.string(),
  sessionId: z.string(),
  state: z.enum(["good", "reused", "over"]),
});

/**
 * Takes a refresh token and returns its successor. A token is valid until another one of its depth or deeper
 * was used, and for 10 s more. A later use means theft or a copy, and ends the whole session. Throws
 * `auth.refresh_invalid`.
 */
export async function rotate(
  { db, audit }: Pick<Edge, "db" | "audit">,
  refreshToken: string,
): Promise<Caller & { refreshToken: string }> {
  const successor = newSecret();
  const [presented] = await query(
    db,
    sql`WITH presented AS (
        SELECT t.token_hash, t.depth, s.id AS session_id, s.user_id,
          CASE WHEN s.ended_at IS NOT NULL OR s.expires_at <= now()
              -- A sign-in may race with the account's end and open a session after it.
              OR NOT EXISTS (SELECT 1 FROM users AS u WHERE u.id = s.user_id AND ${isActive}) THEN 'over'
            WHEN EXISTS (SELECT 1 FROM refresh_tokens AS other
              WHERE other.session_id = t.session_id AND other.depth >= t.depth AND other.token_hash <> t.token_hash
                AND other.first_used_at < now() - ${GRACE_SECONDS}::int * interval '1 second') THEN 'reused'
            ELSE 'good' END AS state
        FROM refresh_tokens AS t JOIN sessions AS s ON s.id = t.session_id
        WHERE t.token_hash = ${await hashOf(refreshToken)}
        FOR UPDATE OF s
      ), used AS (
        UPDATE refresh_tokens SET first_used_at = coalesce(first_used_at, now())
        WHERE token_hash IN (SELECT token_hash FROM presented WHERE state = 'good')
      ), successor AS (
        INSERT INTO refresh_tokens (token_hash, session_id, depth)
        SELECT ${await hashOf(successor)}, session_id, depth + 1 FROM presented WHERE state = 'good'
      ), pruned AS (
        DELETE FROM refresh_tokens WHERE token_hash IN (
          SELECT sibling.token_hash FROM refresh_tokens AS sibling JOIN presented USING (session_id)
          WHERE presented.state = 'good' AND sibling.depth = presented.depth + 1 AND sibling.first_used_at IS NULL
          ORDER BY sibling.created_at DESC OFFSET ${MAX_UNUSED - 1}::int)
      ), session AS (
        UPDATE sessions SET
          last_used_at = CASE WHEN presented.state = 'good' THEN now() ELSE sessions.last_used_at END,
          expires_at = CASE WHEN presented.state = 'good'
            THEN least(${expiry}, sessions.created_at + ${LONGEST_SESSION_DAYS}::int * interval '1 day')
            ELSE sessions.expires_at END,
          ended_at = CASE WHEN presented.state = 'reused' THEN now() ELSE sessions.ended_at END
        FROM presented WHERE sessions.id = presented.session_id
      ), reused AS (
        SELECT session_id AS id, user_id FROM presented WHERE state = 'reused'
      ), ${audited(audit, "reused", "session", { by: "system" })}
      SELECT user_id AS "userId", session_id AS "sessionId", state FROM presented`,
    presentedRow,
  );
  if (presented?.state !== "good") throw problem("auth.refresh_invalid");
  return { userId: presented.userId, sessionId: presented.sessionId, refreshToken: successor };
}

/** Ends the session of a refresh token, current or old. An unknown token is no error. */
export async function endSession(
  { db, audit }: Pick<Edge, "db" | "audit">,
  refreshToken: string,
): Promise<void> {
  await db.execute(sql`WITH ended AS (
      UPDATE sessions SET ended_at = now() WHERE ended_at IS NULL
        AND id = (SELECT session_id FROM refresh_tokens WHERE token_hash = ${await hashOf(refreshToken)})
      RETURNING id, user_id
    ), ${audited(audit, "ended", "session")}
    SELECT id FROM ended`);
}

/** Deletes what can no longer be used, some of each at a time; for the sweep of old rows. */
export const FORGET_IDENTITY: readonly SQL[] = [
  sql`DELETE FROM sessions WHERE id IN (
    (SELECT id FROM sessions WHERE expires_at < now() - interval '1 day' ORDER BY expires_at LIMIT 1000)
    UNION (SELECT id FROM sessions WHERE ended_at < now() - interval '30 days' ORDER BY ended_at LIMIT 1000))`,
  forgetCounts,
  sql`DELETE FROM account_links WHERE token_hash IN (SELECT token_hash FROM account_links
    WHERE expires_at < now() - interval '1 day' ORDER BY expires_at LIMIT 10000)`,
  sql`DELETE FROM setup_tokens WHERE token_hash IN (SELECT token_hash FROM setup_tokens
    WHERE expires_at < now() - interval '1 day' LIMIT 10000)`,
];
