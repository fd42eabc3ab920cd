/** The doors that only admins may open; the guard reads the role from the database (app.ts mounts it before). */
import { publicRoutes } from "@storagex/contract/routes/public";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { App } from "../app-env.ts";
import { query } from "../db/connect.ts";
import { containing, iso } from "../db/text.ts";
import { edgeOf } from "../edge.ts";
import { deleteUser } from "../identity/delete-account.ts";
import { readCursor, writeCursor } from "../playback/cursor.ts";

const userRow = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string().nullable(),
  role: z.enum(["user", "admin"]),
  createdAt: z.string(),
  at: z.string(),
  used: z.coerce.number(),
  reserved: z.coerce.number(),
  videos: z.coerce.number(),
});

/** Mounts `/v1/admin/users`. */
export function mountAdmin(app: App): void {
  app.openapi(publicRoutes.adminUsers, async (c) => {
    const { limit, cursor, q } = c.req.valid("query");
    const after = cursor === undefined ? undefined : readCursor(cursor);
    const micros = sql`(extract(epoch FROM u.created_at) * 1000000)::bigint`;
    const conditions = [
      sql`u.deleted_at IS NULL`,
      ...(after
        ? [
            sql`(u.created_at, u.id) < (timestamptz 'epoch' + ${after.at}::bigint * interval '1 microsecond', ${after.id}::text)`,
          ]
        : []),
      ...(q ? [sql`(u.email ILIKE ${containing(q)} OR u.name ILIKE ${containing(q)})`] : []),
    ];
    // NULLS LAST as the index is, though there are none, or PostgreSQL sorts instead.
    const rows = await query(
      c.get("db"),
      sql`SELECT u.id, u.email, u.name, u.role, ${iso(sql`u.created_at`)} AS "createdAt", ${micros}::text AS at,
          u.used_bytes AS used, u.reserved_bytes AS reserved,
          (SELECT count(*) FROM videos AS v WHERE v.owner_id = u.id AND v.status <> 'deleting') AS videos
        FROM users AS u WHERE ${sql.join(conditions, sql` AND `)}
        ORDER BY u.created_at DESC NULLS LAST, u.id DESC NULLS LAST LIMIT ${limit + 1}`,
      userRow,
    );
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    const items = page.map(({ at: _, used, reserved, ...user }) => ({
      ...user,
      storage: { used, reserved },
    }));
    return c.json({ items, nextCursor: last ? writeCursor(last) : null }, 200);
  });

  app.openapi(publicRoutes.adminDeleteUser, async (c) => {
    await deleteUser(edgeOf(c), c.get("user").userId, c.req.valid("param").id);
    return c.body(null, 204);
  });
}
