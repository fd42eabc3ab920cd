/** Accounts as they are shown: one's own, and all of them to administrators. */
import { type AdminUser, roleSchema, type User } from "@storagex/contract/account";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, query } from "../db/connect.ts";
import { cursorMoment, isAfter, readCursor, writeCursor } from "../db/cursor.ts";
import { containing, iso } from "../db/text.ts";
import { problem } from "../http/problem.ts";

const meRow = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string().nullable(),
  role: roleSchema,
  used: z.coerce.number(),
  reserved: z.coerce.number(),
});
const userRow = meRow.extend({ createdAt: z.string(), at: z.string(), videos: z.coerce.number() });

/** The caller's account, and how many bytes it holds. Throws `auth.token_invalid` where it was deleted. */
export async function readMe(db: Db, userId: string): Promise<User & Pick<AdminUser, "storage">> {
  const statement = sql`SELECT id, email, name, role, used_bytes AS used, reserved_bytes AS reserved
    FROM users WHERE id = ${userId} AND deleted_at IS NULL`;
  const [row] = await query(db, statement, meRow);
  if (!row) throw problem("auth.token_invalid");
  const { used, reserved, ...user } = row;
  return { ...user, storage: { used, reserved } };
}

type Listing = { limit: number; cursor?: string | undefined; q?: string | undefined };

/** A page of everybody, newest first. Throws `request.invalid` for a cursor that is not ours. */
export async function listUsers(
  db: Db,
  { limit, cursor, q }: Listing,
): Promise<{ items: AdminUser[]; nextCursor: string | null }> {
  const conditions = [sql`u.deleted_at IS NULL`];
  if (cursor !== undefined) conditions.push(isAfter(readCursor(cursor), sql`u.created_at`, sql`u.id`));
  if (q) conditions.push(sql`(u.email ILIKE ${containing(q)} OR u.name ILIKE ${containing(q)})`);
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
