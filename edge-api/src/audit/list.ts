/** Reads the audit log for administrators. */
import { AUDIT_ACTIONS, AUDIT_ACTORS, AUDIT_TARGETS } from "@storagex/contract/accounts/audit";
import type { AuditEntry, AuditPage, AuditQuery } from "@storagex/contract/accounts/audit-log";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { type Db, query } from "../db/connect.ts";
import { type Cursor, readCursor, writeCursor } from "../db/lists/cursor.ts";
import { NEWEST, type Order } from "../db/lists/order.ts";
import { instant, iso, storable, valuesOf } from "../db/text.ts";
import { clientOf } from "../identity/sessions/own-sessions.ts";

const entryRow = z.object({
  id: z.string(),
  at: z.string(),
  key: z.string(),
  action: z.enum(AUDIT_ACTIONS),
  actorKind: z.enum(AUDIT_ACTORS),
  actorId: z.string().nullable(),
  actorEmail: z.string().nullable(),
  keyId: z.string().nullable(),
  targetKind: z.enum(AUDIT_TARGETS),
  targetId: z.string(),
  targetName: z.string().nullable(),
  ownerId: z.string().nullable(),
  ownerEmail: z.string().nullable(),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
});
type EntryRow = z.infer<typeof entryRow>;

const BY_TIME: Order = { ...NEWEST, key: sql`audit.at` };
/** Ids are numbers here: what a cursor names beside them cannot be one of its rows. */
const isNumber = (id: string) => /^\d{1,18}$/.test(id);

/** A page of the log, the last act first. Throws `request.invalid` for a cursor that is not ours. */
export async function listAudit(db: Db, { limit, cursor, ...filters }: AuditQuery): Promise<AuditPage> {
  const list = { name: "audit", ...filters, action: [...new Set(valuesOf(filters.action))].sort() };
  const after = cursor === undefined ? [] : [isBefore(await readCursor(cursor, list, BY_TIME))];
  const found = await query(db, pageOf([...conditionsOf(filters), ...after], limit + 1), entryRow);
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return {
    items: items.map(shown),
    nextCursor: last ? await writeCursor({ at: last.key, id: last.id }, list) : null,
  };
}

const isBefore = ({ at, id }: Cursor): SQL =>
  isNumber(id) ? sql`(audit.at, audit.id) < (${BY_TIME.fromText(at)}, ${id}::bigint)` : sql`false`;

function conditionsOf({ action, account, actor, target, from, to }: Omit<AuditQuery, "limit">): SQL[] {
  const actions = valuesOf(action);
  const its = account === undefined ? undefined : idOf(account);
  return [
    ...(actions.length > 0 ? [sql`audit.action IN ${actions}`] : []),
    ...(its ? [sql`(audit.actor_id = ${its} OR audit.owner_id = ${its})`] : []),
    ...(actor === undefined ? [] : [sql`audit.actor_id = ${storable(actor)}`]),
    ...(target === undefined ? [] : [sql`audit.target_id = ${storable(target)}`]),
    ...(from === undefined ? [] : [sql`audit.at >= ${instant(from)}`]),
    ...(to === undefined ? [] : [sql`audit.at < ${instant(to, 1)}`]),
  ];
}

/** The id of an account that is named by it or by its address. A deleted account has no address any more. */
const idOf = (account: string): SQL =>
  account.includes("@")
    ? sql`(SELECT id FROM users WHERE email = ${storable(account).toLowerCase()})`
    : sql`${storable(account)}::text`;

const emailOf = (user: "actor" | "owner"): SQL =>
  sql.raw(`CASE WHEN ${user}.deleted_at IS NULL THEN ${user}.email END`);

/** The page is chosen first, so that names are looked up for its rows only. */
const pageOf = (conditions: readonly SQL[], limit: number): SQL => sql`
  SELECT entry.id::text, ${iso(sql`entry.at`)} AS at, ${BY_TIME.toText(sql`entry.at`)} AS key, entry.action,
    entry.actor_kind AS "actorKind", entry.actor_id AS "actorId", ${emailOf("actor")} AS "actorEmail",
    entry.key_id AS "keyId", entry.target_kind AS "targetKind", entry.target_id AS "targetId",
    CASE entry.target_kind
      WHEN 'video' THEN (SELECT title FROM videos WHERE id = entry.target_id AND status <> 'deleting')
      WHEN 'api_key' THEN (SELECT name FROM api_keys WHERE id = entry.target_id)
      WHEN 'playback_key' THEN (SELECT name FROM playback_keys WHERE id = entry.target_id)
    END AS "targetName",
    entry.owner_id AS "ownerId", ${emailOf("owner")} AS "ownerEmail", entry.address, entry.user_agent AS "userAgent"
  FROM (SELECT * FROM audit WHERE ${sql.join([sql`true`, ...conditions], sql` AND `)}
    ORDER BY audit.at DESC, audit.id DESC LIMIT ${limit}::int) AS entry
  LEFT JOIN users AS actor ON actor.id = entry.actor_id
  LEFT JOIN users AS owner ON owner.id = entry.owner_id
  ORDER BY entry.at DESC, entry.id DESC`;

const shown = (row: EntryRow): AuditEntry => ({
  id: row.id,
  at: row.at,
  action: row.action,
  actor: {
    kind: row.actorKind,
    account: row.actorId === null ? null : { id: row.actorId, email: row.actorEmail },
    keyId: row.keyId,
  },
  target: {
    kind: row.targetKind,
    id: row.targetId,
    name: row.targetName,
    owner: row.ownerId === null ? null : { id: row.ownerId, email: row.ownerEmail },
  },
  address: row.address,
  client: clientOf(row.userAgent ?? undefined),
  userAgent: row.userAgent,
});
