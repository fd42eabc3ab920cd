/** Carries out a call with an `Idempotency-Key` once; the same call again answers with what it made. */
import {
  IDEMPOTENCY_HEADER,
  IDEMPOTENCY_HOURS,
  idempotencyKeySchema,
  REPLAYED_HEADER,
} from "@storagex/contract/idempotency";
import { type SQL, sql } from "drizzle-orm";
import type { Context, Next } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import type { AppEnv } from "../app-env.ts";
import { query } from "../db/connect.ts";
import { json } from "../db/text.ts";
import { hashOf, newId } from "../keys/random.ts";
import { log, reasonOf } from "../observe/log.ts";
import { problem } from "../problem/problem.ts";

/** A crash frees the key after so long. */
const LEASE_SECONDS = 60;

/** How a route answers again. `keep` takes from an answer what `again` needs later: ids, never a secret. */
export type Replay = {
  keep: (answer: unknown) => unknown;
  /** Throws the problem of what is gone. */
  again: (c: Context<AppEnv>, kept: unknown) => Promise<unknown>;
};

/** A replay that keeps what `kept` parses of the answer. */
export const replayOf = <S extends z.ZodType>(
  kept: S,
  again: (c: Context<AppEnv>, kept: z.infer<S>) => Promise<unknown>,
): Replay => ({
  keep: (answer) => kept.parse(answer),
  again: (c, stored) => again(c, kept.parse(stored)),
});

type Call = { credential: string; keyHash: string; requestHash: string; lease: string };

/**
 * Runs the handler, or answers again. Throws `request.invalid` for a key that is none,
 * `request.idempotency_reused`, `request.idempotency_running`, and what `replay` throws.
 */
export async function onlyOnce(
  c: Context<AppEnv>,
  next: Next,
  { credential, body, replay }: { credential: string; body: Uint8Array; replay: Replay },
): Promise<Response | undefined> {
  const key = c.req.header(IDEMPOTENCY_HEADER);
  if (key === undefined) {
    await next();
    return undefined;
  }
  const parsed = idempotencyKeySchema.safeParse(key);
  if (!parsed.success) {
    const message = parsed.error.issues[0]?.message ?? "is not valid";
    throw problem("request.invalid", { errors: [{ path: IDEMPOTENCY_HEADER, message }] });
  }
  const request = `${c.req.method} ${c.req.path}\n${new TextDecoder("latin1").decode(body)}`;
  const call = {
    credential,
    keyHash: await hashOf(key),
    requestHash: await hashOf(request),
    lease: newId(),
  };
  const before = await claim(c, call);
  if (!before) return carryOut(c, next, call, replay);
  if (before.requestHash !== call.requestHash) throw problem("request.idempotency_reused");
  if (before.status === null) throw problem("request.idempotency_running", { retryAfter: 2 });
  const answer = await replay.again(c, before.kept);
  c.header(REPLAYED_HEADER, "true");
  return c.json(answer, before.status as ContentfulStatusCode);
}

const claimedRow = z.object({
  claimed: z.boolean(),
  requestHash: z.string().nullable(),
  status: z.number().nullable(),
  kept: z.unknown(),
});

/** Takes the key for this call: undefined if it has it now, otherwise the call that had it before. */
async function claim(c: Context<AppEnv>, { credential, keyHash, requestHash, lease }: Call) {
  const statement = sql`WITH claimed AS (
      INSERT INTO idempotency_keys AS k (credential, key_hash, request_hash, lease, leased_until)
      VALUES (${credential}, ${keyHash}, ${requestHash}, ${lease}, now() + ${LEASE_SECONDS}::int * interval '1 second')
      ON CONFLICT (credential, key_hash) DO UPDATE SET request_hash = excluded.request_hash, lease = excluded.lease,
        leased_until = excluded.leased_until, created_at = now(), status = NULL, kept = NULL
      WHERE CASE WHEN k.status IS NULL THEN k.leased_until < now() ELSE ${isOver(sql`k.created_at`)} END
      RETURNING k.lease
    )
    SELECT EXISTS (SELECT 1 FROM claimed) AS claimed, k.request_hash AS "requestHash", k.status, k.kept
    FROM (SELECT 1) AS one
    LEFT JOIN idempotency_keys AS k ON k.credential = ${credential} AND k.key_hash = ${keyHash}`;
  const [row] = await query(c.get("db"), statement, claimedRow);
  if (!row) throw new Error("the key was not looked up");
  if (row.claimed) return undefined;
  // Inserted by another call after this statement began: that one is running.
  return { ...row, requestHash: row.requestHash ?? requestHash };
}

const isOver = (createdAt: SQL) => sql`${createdAt} < now() - ${IDEMPOTENCY_HOURS}::int * interval '1 hour'`;

/** Goes on when the client hangs up: what was made must be known under its key. */
async function carryOut(
  c: Context<AppEnv>,
  next: Next,
  call: Call,
  replay: Replay,
): Promise<Response | undefined> {
  const work = (async () => {
    await next();
    const { status } = c.res;
    const kept = c.res.ok
      ? sql`status = ${status}::int, kept = ${json(replay.keep(await c.res.clone().json()))}`
      : undefined;
    const own = sql`credential = ${call.credential} AND key_hash = ${call.keyHash} AND lease = ${call.lease}`;
    const settled = kept
      ? sql`UPDATE idempotency_keys SET ${kept} WHERE ${own}`
      : sql`DELETE FROM idempotency_keys WHERE ${own}`;
    // The act is done: its answer is given even if nobody will know it again.
    await c
      .get("db")
      .execute(settled)
      .catch((error: unknown) =>
        log("error", "a call's idempotency key was not settled", { reason: reasonOf(error) }),
      );
  })();
  c.get("waitUntil")(work);
  await work;
  return undefined;
}

/** Deletes the keys that are no longer known, in batches; for the sweep. */
export const forgetIdempotencyKeys: SQL = sql`DELETE FROM idempotency_keys WHERE (credential, key_hash) IN (
  SELECT credential, key_hash FROM idempotency_keys WHERE ${isOver(sql`created_at`)} ORDER BY created_at LIMIT 10000)`;
