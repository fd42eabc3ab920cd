/** Reads accounts for administrators. */
import { type AdminUser, roleSchema } from "@storagex/contract/accounts/account";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, query } from "../db/connect.ts";
import { type Cursor, isAfter, readCursor, writeCursor } from "../db/lists/cursor.ts";
import { NEWEST, orderBy } from "../db/lists/order.ts";
import { findInOrder, textMatches } from "../db/lists/search.ts";
import { searchPatterns } from "../db/lists/search-text.ts";
import { iso } from "../db/text.ts";

const userRow = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string().nullable(),
  role: roleSchema,
  used: z.coerce.number(),
  reserved: z.coerce.number(),
  createdAt: z.string(),
  at: z.string(),
  videos: z.coerce.number(),
  disabled: z.boolean(),
  invited: z.boolean(),
  quotaBytes: z.coerce.number().nullable(),
  quotaMinutes: z.number().nullable(),
});
type UserRow = z.infer<typeof userRow>;

type Listing = { limit: number; cursor?: string | undefined; q?: string | undefined };

/** A page of all accounts, newest first. Throws `request.invalid` for a cursor that is not ours. */
export async function listUsers(
  db: Db,
  { limit, cursor, q = "" }: Listing,
): Promise<{ items: AdminUser[]; nextCursor: string | null }> {
  const list = { name: "users", q };
  const after = cursor === undefined ? undefined : await readCursor(cursor, list, NEWEST);
  const matches = textMatches(searchPatterns(q));
  const rows = await (matches.length === 0
    ? pageOf(db, after, limit + 1)
    : searched(db, matches, after, limit + 1));
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { items: page.map(shown), nextCursor: last ? await writeCursor(last, list) : null };
}

/** One account; undefined if there is none. */
export async function readUser(db: Db, id: string): Promise<AdminUser | undefined> {
  const [row] = await query(db, select(sql`id = ${id}`), userRow);
  return row && shown(row);
}

const shown = ({ at: _, used, reserved, ...user }: UserRow): AdminUser => ({
  ...user,
  storage: { used, reserved },
});

const STANDS = sql`deleted_at IS NULL`;
const newest = orderBy(NEWEST);

const select = (rest: SQL) => sql`SELECT id, email, name, role, ${iso(sql`created_at`)} AS "createdAt",
  ${NEWEST.toText(NEWEST.key)} AS at, used_bytes AS used, reserved_bytes AS reserved, video_count AS videos,
  disabled_at IS NOT NULL AS disabled, password_hash = '' AS invited, quota_bytes AS "quotaBytes",
  quota_minutes AS "quotaMinutes"
  FROM users WHERE ${STANDS} AND ${rest}`;

function pageOf(db: Db, after: Cursor | undefined, count: number): Promise<UserRow[]> {
  const rest = after ? isAfter(after, NEWEST) : sql`true`;
  return query(db, sql`${select(rest)} ${newest} LIMIT ${sql.raw(String(count))}`, userRow);
}

async function searched(
  db: Db,
  matches: readonly SQL[],
  after: Cursor | undefined,
  limit: number,
): Promise<UserRow[]> {
  const search = { table: sql`users`, order: NEWEST, conditions: [STANDS], matches, limit, after };
  const ids = JSON.stringify((await findInOrder(db, search)).map(({ id }) => id));
  const found = sql`id IN (SELECT jsonb_array_elements_text(${ids}::jsonb))`;
  return query(db, sql`${select(found)} ${newest}`, userRow);
}
