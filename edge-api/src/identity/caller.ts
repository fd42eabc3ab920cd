/** What a signed-in call stands on, in one statement: the session, the account and its role now, and the video it names. */
import { type Role, roleSchema } from "@storagex/contract/account";
import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Caller } from "../app-env.ts";
import { type Db, query } from "../db/connect.ts";
import { visibleTo } from "../db/scope.ts";
import { isPlainId } from "../db/text.ts";

const accountRow = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string().nullable(),
  role: roleSchema,
  used: z.coerce.number(),
  reserved: z.coerce.number(),
  sees: z.boolean(),
});

/** `used` and `reserved` in bytes. */
export type Account = Omit<z.infer<typeof accountRow>, "sees">;

/** Of `sessions AS s` and their `users AS u`. */
const stands = sql`s.ended_at IS NULL AND s.expires_at > now() AND u.deleted_at IS NULL`;

/**
 * The account of a token that stands: its session has not ended, and its account is not deleted; else undefined. `sees`
 * is whether `videoId` is there for it (true where none is asked about).
 */
export async function readCaller(
  db: Db,
  { userId, sessionId }: Caller,
  videoId: string | undefined,
): Promise<{ account: Account; sees: boolean } | undefined> {
  const visible = sql`EXISTS (SELECT 1 FROM videos WHERE id = ${videoId} AND ${visibleTo(userId)})`;
  const sees = videoId === undefined ? sql`true` : isPlainId(videoId) ? visible : sql`false`;
  const [row] = await query(
    db,
    sql`SELECT u.id, u.email, u.name, u.role, u.used_bytes AS used, u.reserved_bytes AS reserved, ${sees} AS sees
      FROM sessions AS s JOIN users AS u ON u.id = s.user_id
      WHERE s.id = ${sessionId} AND u.id = ${userId} AND ${stands}`,
    accountRow,
  );
  if (!row) return undefined;
  const { sees: isSeen, ...account } = row;
  return { account, sees: isSeen };
}

/** Those of the sessions that stand, each with its account's role now. */
export async function readStanding(db: Db, sessionIds: readonly string[]): Promise<Map<string, Role>> {
  if (sessionIds.length === 0) return new Map();
  const statement = sql`SELECT s.id, u.role FROM sessions AS s JOIN users AS u ON u.id = s.user_id
    WHERE s.id IN ${[...sessionIds]} AND ${stands}`;
  const rows = await query(db, statement, z.object({ id: z.string(), role: roleSchema }));
  return new Map(rows.map(({ id, role }) => [id, role]));
}
