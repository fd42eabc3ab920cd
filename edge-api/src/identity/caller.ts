/**
 * Reads what a signed-in call depends on in one statement: the session, the account with its current role,
 * and the video in the path.
 */
import {
  languageChoiceSchema,
  type Role,
  roleSchema,
  themeSchema,
} from "@storagex/contract/accounts/account";
import { profileRequestSchema } from "@storagex/contract/videos/profile";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Caller, KeyCaller } from "../app-env.ts";
import { type Db, query, queryKeyed } from "../db/connect.ts";
import { eachOf, type KeyedRead, placeOf } from "../db/keyed.ts";
import { type Reader, visibleTo } from "../db/scope.ts";
import { isPlainId } from "../db/text.ts";
import { isActive } from "./active.ts";

const accountRow = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string().nullable(),
  role: roleSchema,
  theme: themeSchema.nullable(),
  language: languageChoiceSchema.nullable(),
  profile: profileRequestSchema.nullable(),
  videos: z.number(),
  used: z.coerce.number(),
  reserved: z.coerce.number(),
  milliseconds: z.coerce.number(),
  quotaBytes: z.coerce.number().nullable(),
  quotaMinutes: z.number().nullable(),
  sees: z.boolean(),
  isUnnoted: z.boolean(),
});

/** `used` and `reserved` in bytes, `milliseconds` of video stored. The account's own quotas: null for the installation's (bytes) or none (minutes). */
export type Account = Omit<z.infer<typeof accountRow>, "sees" | "isUnnoted">;

/** Condition on `sessions AS s` and their `users AS u` that the session is valid. */
const stands = sql`s.ended_at IS NULL AND s.expires_at > now() AND ${isActive}`;

/** The same on `api_keys AS k` and their `users AS u`. */
const isValid = sql`(k.expires_at IS NULL OR k.expires_at > now()) AND ${isActive}`;

/** Everybody's videos for an administrator, but by a key only where it has that scope. */
export const readerOf = (caller: Caller | KeyCaller): Reader => ({
  userId: caller.userId,
  asAdmin: "sessionId" in caller || caller.scopes.includes("admin"),
});

const columns = sql`u.id, u.email, u.name, u.role, u.theme, u.language, u.profile, u.video_count AS videos,
  u.used_bytes AS used, u.reserved_bytes AS reserved, u.video_milliseconds AS milliseconds, u.quota_bytes AS "quotaBytes", u.quota_minutes AS "quotaMinutes"`;
const isUnnoted = sql`k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute'`;

type Key = readonly [credential: string, userId: string];

const bySession: KeyedRead<Key> = (keys) => sql`
  SELECT ${placeOf} AS place, ${columns}, true AS sees, false AS "isUnnoted"
  FROM ${eachOf(keys)} JOIN sessions AS s ON s.id = asked.key ->> 0 JOIN users AS u ON u.id = s.user_id
  WHERE u.id = asked.key ->> 1 AND ${stands}`;

const byKey: KeyedRead<Key> = (keys) => sql`
  SELECT ${placeOf} AS place, ${columns}, true AS sees, ${isUnnoted} AS "isUnnoted"
  FROM ${eachOf(keys)} JOIN api_keys AS k ON k.id = asked.key ->> 0 JOIN users AS u ON u.id = k.user_id
  WHERE u.id = asked.key ->> 1 AND ${isValid}`;

/** The same for one caller; `isUnnoted` is whether a key's last use is to be written. */
const sourceOf = (caller: Caller | KeyCaller) =>
  "sessionId" in caller
    ? sql`false AS "isUnnoted" FROM sessions AS s JOIN users AS u ON u.id = s.user_id
        WHERE s.id = ${caller.sessionId} AND u.id = ${caller.userId} AND ${stands}`
    : sql`${isUnnoted} AS "isUnnoted" FROM api_keys AS k JOIN users AS u ON u.id = k.user_id
        WHERE k.id = ${caller.keyId} AND u.id = ${caller.userId} AND ${isValid}`;

/**
 * The account of a valid token or key; undefined if its session or key has ended or its account is deleted or
 * disabled. `sees` is whether the caller may see `videoId` (true if none is given), or `orTo` holds for it.
 */
export async function readCaller(
  db: Db,
  caller: Caller | KeyCaller,
  videoId: string | undefined,
  orTo: (reader: Reader) => SQL = () => sql`false`,
): Promise<{ account: Account; sees: boolean; isUnnoted: boolean } | undefined> {
  const [row] = await (videoId === undefined
    ? queryKeyed(
        db,
        "sessionId" in caller ? bySession : byKey,
        [credentialOf(caller), caller.userId],
        accountRow,
      )
    : query(db, withVideo(caller, videoId, orTo(readerOf(caller))), accountRow));
  if (!row) return undefined;
  const { sees: isSeen, isUnnoted, ...account } = row;
  return { account, sees: isSeen, isUnnoted };
}

function withVideo(caller: Caller | KeyCaller, videoId: string, orTo: SQL): SQL {
  const visible = sql`EXISTS (SELECT 1 FROM videos WHERE id = ${videoId} AND (${visibleTo(readerOf(caller))} OR ${orTo}))`;
  return sql`SELECT ${columns}, ${isPlainId(videoId) ? visible : sql`false`} AS sees, ${sourceOf(caller)}`;
}

/** The id of the session or key: what ends a live stream when it ends. */
export const credentialOf = (caller: Caller | KeyCaller): string =>
  "sessionId" in caller ? caller.sessionId : caller.keyId;

/** Those of the sessions and keys that are valid, each with its account's current role. */
export async function readStanding(db: Db, credentials: readonly string[]): Promise<Map<string, Role>> {
  if (credentials.length === 0) return new Map();
  const statement = sql`SELECT s.id, u.role FROM sessions AS s JOIN users AS u ON u.id = s.user_id
    WHERE s.id IN ${[...credentials]} AND ${stands}
    UNION ALL SELECT k.id, u.role FROM api_keys AS k JOIN users AS u ON u.id = k.user_id
    WHERE k.id IN ${[...credentials]} AND ${isValid}`;
  const rows = await query(db, statement, z.object({ id: z.string(), role: roleSchema }));
  return new Map(rows.map(({ id, role }) => [id, role]));
}
