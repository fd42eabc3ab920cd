/**
 * Limits calls per minute of one caller. Each isolate counts in memory, and every few seconds adds what it has
 * counted of busy callers to a row that all share: no call costs a statement, and a caller may exceed the limit
 * by what isolates have not shared yet.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Context } from "hono";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { AppEnv } from "../../app-env.ts";
import type { Config } from "../../config.ts";
import { type Db, query } from "../../db/connect.ts";
import { json } from "../../db/text.ts";
import { clientNetwork } from "../../identity/attempts/client-address.ts";
import { hashOf } from "../../keys/random.ts";
import { problem } from "../../problem/problem.ts";

/** What is left to a caller in this minute; seconds until the next. */
export type Rate = { limit: number; left: number; reset: number };

const MINUTE_MS = 60_000;
const SHARE_EVERY_MS = 3_000;
/** Callers who used less than this part of the limit are not shared: most never write a row. */
const SHARED_FROM = 0.1;
const MAX_CALLERS = 50_000;

/** `seen` in this minute, by all as far as is known; `unshared` of them only here. */
type Count = { minute: number; seen: number; unshared: number };
type Counts = { of: LRUCache<string, Count>; busy: Set<string>; sharedAt: number };
const known = new WeakMap<Config, Counts>();

function countsOf(config: Config): Counts {
  const counts = known.get(config) ?? {
    of: new LRUCache({ max: MAX_CALLERS }),
    busy: new Set(),
    sharedAt: 0,
  };
  known.set(config, counts);
  return counts;
}

/** Counts one call of `subject`, undefined where nobody can be told apart. Throws `request.too_many`. */
export function countCall(c: Context<AppEnv>, subject: string | undefined): void {
  const limit = c.get("config").STORAGEX_RATE_PER_MINUTE;
  if (limit === 0 || subject === undefined) return;
  const counts = countsOf(c.get("config"));
  const now = Date.now();
  const minute = Math.floor(now / MINUTE_MS);
  const before = counts.of.get(subject);
  const count = before?.minute === minute ? before : { minute, seen: 0, unshared: 0 };
  if (count !== before) counts.of.set(subject, count);
  count.seen += 1;
  count.unshared += 1;
  if (count.seen >= limit * SHARED_FROM) counts.busy.add(subject);
  if (counts.busy.size > 0 && now - counts.sharedAt >= SHARE_EVERY_MS) {
    counts.sharedAt = now;
    c.get("waitUntil")(share(c.get("db"), counts, minute));
  }
  const reset = Math.ceil(((minute + 1) * MINUTE_MS - now) / 1_000);
  c.set("rate", { limit, left: Math.max(0, limit - count.seen), reset });
  if (count.seen > limit) throw problem("request.too_many", { retryAfter: reset });
}

/** A caller without a credential of ours, by the address that a trusted header names. */
export function countAnonymous(c: Context<AppEnv>): void {
  const network = networkOf(c);
  countCall(c, network && `address:${network}`);
}

/** Attempts to unlock a share, by share and address: strangers elsewhere do not lock its viewers out. */
export async function countUnlock(c: Context<AppEnv>, token: string): Promise<void> {
  countCall(c, `unlock:${(await hashOf(token)).slice(0, 32)}:${networkOf(c) ?? ""}`);
}

const networkOf = (c: Context<AppEnv>) =>
  clientNetwork(c.req.raw.headers, c.get("config").STORAGEX_CLIENT_ADDRESS_HEADER);

const sharedRow = z.object({ subject: z.string(), count: z.coerce.number() });

/** Adds what only this isolate has seen to the shared rows, and learns what the others have seen. */
async function share(db: Db, counts: Counts, minute: number): Promise<void> {
  const added = [...counts.busy].flatMap((subject) => {
    const count = counts.of.get(subject);
    if (count?.minute !== minute || count.unshared === 0) return [];
    const { unshared } = count;
    count.unshared = 0;
    return [{ subject, count: unshared }];
  });
  counts.busy.clear();
  if (added.length === 0) return;
  for (const { subject, count: total } of await query(db, shared(added, minute), sharedRow)) {
    const count = counts.of.get(subject);
    if (count?.minute === minute) count.seen = Math.max(count.seen, total + count.unshared);
  }
}

/** In order, so that two isolates do not wait for each other. The sweep of `attempts` deletes the rows. */
const shared = (added: readonly { subject: string; count: number }[], minute: number): SQL => sql`
  INSERT INTO attempts AS a (subject, window_start, count)
  SELECT 'rate:' || subject, to_timestamp(${minute * 60}::float8), count
  FROM jsonb_to_recordset(${json(added)}) AS added (subject text, count int) ORDER BY subject
  ON CONFLICT (subject, window_start) DO UPDATE SET count = a.count + excluded.count
  RETURNING substr(subject, 6) AS subject, count`;

const WINDOW_SECONDS = MINUTE_MS / 1_000;

/** The headers of draft-ietf-httpapi-ratelimit-headers-10. */
export function setRateHeaders(headers: Headers, { limit, left, reset }: Rate): void {
  headers.set("ratelimit-policy", `"minute";q=${limit};w=${WINDOW_SECONDS}`);
  headers.set("ratelimit", `"minute";r=${left};t=${reset}`);
}
