/** Accounts as administrators see them. */
import { type AdminUser, roleSchema } from "@storagex/contract/account";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, query } from "../db/connect.ts";
import { cursorMoment, isAfter, readCursor, writeCursor } from "../db/cursor.ts";
import { anyContains, iso } from "../db/text.ts";

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
});

type Listing = { limit: number; cursor?: string | undefined; q?: string | undefined };

/** A page of everybody, newest first. Throws `request.invalid` for a cursor that is not ours. */
export async function listUsers(
  db: Db,
  { limit, cursor, q }: Listing,
): Promise<{ items: AdminUser[]; nextCursor: string | null }> {
  const conditions = [sql`u.deleted_at IS NULL`];
  if (cursor !== undefined) conditions.push(isAfter(readCursor(cursor), sql`u.created_at`, sql`u.id`));
  if (q) conditions.push(anyContains([sql`u.email`, sql`u.name`], q));
  // NULLS LAST as the index is, though there are none, or PostgreSQL sorts instead.
  const statement = sql`SELECT u.id, u.email, u.name, u.role, ${iso(sql`u.created_at`)} AS "createdAt",
      ${cursorMoment(sql`u.created_at`)} AS at, u.used_bytes AS used, u.reserved_bytes AS reserved,
      (SELECT count(*) FROM videos AS v WHERE v.owner_id = u.id AND v.status <> 'deleting') AS videos
    FROM users AS u WHERE ${sql.join(conditions, sql` AND `)}
    ORDER BY u.created_at DESC NULLS LAST, u.id DESC NULLS LAST LIMIT ${limit + 1}`;
  const rows = await query(db, statement, userRow);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const items = page.map(({ at: _, used, reserved, ...user }) => ({ ...user, storage: { used, reserved } }));
  return { items, nextCursor: last ? writeCursor(last) : null };
}
