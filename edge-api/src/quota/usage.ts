/** Reads what accounts stored, encoded and played, by day. */
import {
  type AccountUsage,
  type AccountUsagePage,
  MAX_USAGE_DAYS,
  type Usage,
  type UsageDay,
  type UsageRange,
} from "@storagex/contract/accounts/usage";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, query } from "../db/connect.ts";
import { isAfter, readCursor, writeCursor } from "../db/lists/cursor.ts";
import { NEWEST, orderBy } from "../db/lists/order.ts";
import { storable } from "../db/text.ts";
import { type Days, dayOf, daysOf } from "./range.ts";

const dayRow = z.object({
  number: z.number(),
  sourceBytes: z.coerce.number(),
  renditionBytes: z.coerce.number(),
  encodedSeconds: z.number(),
  watchedSeconds: z.number(),
});
const accountRow = z.object({ id: z.string(), email: z.string(), at: z.string(), days: z.array(dayRow) });
type AccountRow = z.infer<typeof accountRow>;

/** The usage of one account. Throws `request.invalid` for days that are none, or too many. */
export async function readUsage(db: Db, userId: string, range: UsageRange, now: number): Promise<Usage> {
  const days = daysOf(range, now, MAX_USAGE_DAYS.own);
  const [account] = await query(db, usageOf(sql`users.id = ${userId}`, days, 1), accountRow);
  return { days: account ? shownDays(account) : [] };
}

type Listing = UsageRange & { limit: number; cursor?: string | undefined; account?: string | undefined };

/** A page of the usage of all accounts, the newest one first. Throws `request.invalid`. */
export async function listUsage(
  db: Db,
  { limit, cursor, account, ...range }: Listing,
  now: number,
): Promise<AccountUsagePage> {
  const days = daysOf(range, now, MAX_USAGE_DAYS.all);
  const list = { name: "usage", account, ...range };
  const after = cursor === undefined ? sql`true` : isAfter(await readCursor(cursor, list, NEWEST), NEWEST);
  const named = account === undefined ? sql`true` : isAccount(account);
  const found = await query(db, usageOf(sql`${after} AND ${named}`, days, limit + 1), accountRow);
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return { items: items.map(shown), nextCursor: last ? await writeCursor(last, list) : null };
}

const isAccount = (account: string): SQL =>
  account.includes("@")
    ? sql`users.email = ${storable(account).toLowerCase()}`
    : sql`users.id = ${storable(account)}`;

/**
 * Each account with every day. What is stored at the end of a day is what it was after the last change until
 * then: that of `users` from its last change on, before it the last row of `usage_days` that has it.
 */
const usageOf = (condition: SQL, { first, last }: Days, limit: number): SQL => sql`
  SELECT users.id, users.email, ${NEWEST.toText(sql`users.created_at`)} AS at, (
    SELECT coalesce(jsonb_agg(jsonb_build_object('number', of.number,
        'sourceBytes', CASE WHEN of.day >= users.used_on THEN users.source_bytes ELSE coalesce(kept.source_bytes, 0) END,
        'renditionBytes', CASE WHEN of.day >= users.used_on THEN users.used_bytes - users.source_bytes
          ELSE coalesce(kept.rendition_bytes, 0) END,
        'encodedSeconds', coalesce(own.encoded_seconds, 0), 'watchedSeconds', coalesce(own.watched_seconds, 0)
      ) ORDER BY of.number), '[]')
    FROM (SELECT number, date '1970-01-01' + number AS day FROM generate_series(${first}::int, ${last}::int) AS number) AS of
    LEFT JOIN usage_days AS own ON own.owner_id = users.id AND own.day = of.day
    LEFT JOIN LATERAL (SELECT before.source_bytes, before.rendition_bytes FROM usage_days AS before
      WHERE of.day < users.used_on AND before.owner_id = users.id AND before.day <= of.day AND before.source_bytes IS NOT NULL
      ORDER BY before.day DESC LIMIT 1) AS kept ON true
  ) AS days
  FROM (SELECT * FROM users WHERE deleted_at IS NULL AND ${condition} ${orderBy(NEWEST)} LIMIT ${limit}::int) AS users
  ORDER BY users.created_at DESC, users.id DESC`;

/** Minutes to the thousandth. */
const minutes = (seconds: number) => Math.round((seconds / 60) * 1_000) / 1_000;

const shownDays = ({ days }: AccountRow): UsageDay[] =>
  days.map(({ number, sourceBytes, renditionBytes, encodedSeconds, watchedSeconds }) => ({
    day: dayOf(number),
    sourceBytes,
    renditionBytes,
    encodedMinutes: minutes(encodedSeconds),
    watchedMinutes: minutes(watchedSeconds),
  }));

function shown(row: AccountRow): AccountUsage {
  const { sourceBytes = 0, renditionBytes = 0 } = row.days.at(-1) ?? {};
  const sum = (name: "encodedSeconds" | "watchedSeconds") =>
    minutes(row.days.reduce((total, day) => total + day[name], 0));
  return {
    account: { id: row.id, email: row.email },
    sourceBytes,
    renditionBytes,
    encodedMinutes: sum("encodedSeconds"),
    watchedMinutes: sum("watchedSeconds"),
    days: shownDays(row),
  };
}
