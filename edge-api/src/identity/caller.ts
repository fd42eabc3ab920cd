/**
 * Reads what a signed-in call depends on in one statement: the session, the account with its current role,
 * and the video in the path.
 */
import { type Role, roleSchema, themeSchema } from "@storagex/contract/account";
import { profileRequestSchema } from "@storagex/contract/profile";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Caller } from "../app-env.ts";
import { type Db, query } from "../db/connect.ts";
import { visibleTo } from "../db/scope.ts";
import { isPlainId } from "../db/text.ts";
import { isActive } from "./active.ts";

const accountRow = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string().nullable(),
  role: roleSchema,
  theme: themeSchema.nullable(),
  profile: profileRequestSchema.nullable(),
  videos: z.number(),
  used: z.coerce.number(),
  reserved: z.coerce.number(),
  quotaBytes: z.coerce.number().nullable(),
  quotaMinutes: z.number().nullable(),
  sees: z.boolean(),
});

/** `used` and `reserved` in bytes. The account's own quotas: null for the installation's (bytes) or none (minutes). */
export type Account = Omit<z.infer<typeof accountRow>, "sees">;

/** Condition on `sessions AS s` and their `users AS u` that the session is valid. */
const stands = sql`s.ended_at IS NULL AND s.expires_at > now() AND ${isActive}`;

/**
 * The account of a valid token; undefined if its session has ended or its account is deleted or
 * disabled. `sees` is
 * whether the account may see `videoId` (true if none is given), or `orTo` holds for it.
 */
export async function readCaller(
  db: Db,
  { userId, sessionId }: Caller,
  videoId: string | undefined,
  orTo: (userId: string) => SQL = () => sql`false`,
): Promise<{ account: Account; sees: boolean } | undefined> {
  const visible = sql`EXISTS (SELECT 1 FROM videos WHERE id = ${videoId} AND (${visibleTo(userId)} OR ${orTo(userId)}))`;
  const sees = videoId === undefined ? sql`true` : isPlainId(videoId) ? visible : sql`false`;
  const [row] = await query(
    db,
    sql`SELECT u.id, u.email, u.name, u.role, u.theme, u.profile, u.video_count AS videos, u.used_bytes AS used, u.reserved_bytes AS reserved,
        u.quota_bytes AS "quotaBytes", u.quota_minutes AS "quotaMinutes", ${sees} AS sees
      FROM sessions AS s JOIN users AS u ON u.id = s.user_id
      WHERE s.id = ${sessionId} AND u.id = ${userId} AND ${stands}`,
    accountRow,
  );
  if (!row) return undefined;
  const { sees: isSeen, ...account } = row;
  return { account, sees: isSeen };
}

/** Those of the sessions that are valid, each with its account's current role. */
export async function readStanding(db: Db, sessionIds: readonly string[]): Promise<Map<string, Role>> {
  if (sessionIds.length === 0) return new Map();
  const statement = sql`SELECT s.id, u.role FROM sessions AS s JOIN users AS u ON u.id = s.user_id
    WHERE s.id IN ${[...sessionIds]} AND ${stands}`;
  const rows = await query(db, statement, z.object({ id: z.string(), role: roleSchema }));
  return new Map(rows.map(({ id, role }) => [id, role]));
}
