/** Whether an importer still has an import, and what is reserved for it. */
import { IMPORT_LEASE_SECONDS } from "@storagex/contract/uploads/imports";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Edge } from "../context.ts";
import { query } from "../db/connect.ts";
import { cte } from "../db/cte.ts";
import { isPlainId } from "../db/text.ts";
import { isActive } from "../identity/active.ts";
import { reservesMore } from "../quota/counters.ts";
import { failImport } from "./fail.ts";

/** An import and the lease by which an importer has it. */
export type Leased = { id: string; lease: string };

/** The condition on `videos` that its import is under that lease, and still wanted. */
export const isLeased = ({ id, lease }: Leased): SQL => sql`(videos.id = ${isPlainId(id) ? id : ""}
    AND videos.status = 'pending_upload' AND EXISTS (SELECT 1 FROM imports WHERE imports.video_id = videos.id AND imports.lease = ${lease})
    AND EXISTS (SELECT 1 FROM users AS u WHERE u.id = videos.owner_id AND ${isActive}))`;

/** A server that gives a byte more each time gets nowhere. */
const PROGRESS_BYTES = 65_536;
const isFurther = (received: number): SQL => sql`${received}::bigint >= furthest + ${PROGRESS_BYTES}::int`;

const renewedRow = z.object({ size: z.coerce.number().nullable(), reserved: z.coerce.number() });

/**
 * Renews the lease, and records how many bytes have come; `size` as the address said it. Undefined if the import
 * is no longer leased. Clearly more bytes than ever before make what failed until then forgotten.
 */
export async function renew({ db }: Edge, leased: Leased, received?: number, seconds = IMPORT_LEASE_SECONDS) {
  const progress =
    received === undefined
      ? sql``
      : sql`, received = ${received}::bigint, reported_at = now(),
        furthest = CASE WHEN ${isFurther(received)} THEN ${received}::bigint ELSE furthest END,
        failures = CASE WHEN ${isFurther(received)} THEN 0 ELSE failures END`;
  const statement = sql`UPDATE imports SET leased_until = now() + ${seconds}::int * interval '1 second' ${progress}
    FROM videos WHERE imports.video_id = videos.id AND imports.lease = ${leased.lease} AND ${isLeased(leased)}
    RETURNING imports.size, videos.size AS reserved`;
  const [renewed] = await query(db, statement, renewedRow);
  return renewed;
}

const reservedRow = z.object({ leased: z.boolean(), reserved: z.boolean() });

/**
 * Reserves `size` bytes for the source, instead of what was before; `sets` are further columns of `imports`, `parts`
 * of `videos`. An import that is too large for the limit or the quota fails. Returns false if it is no longer
 * leased.
 */
export async function reserve(
  edge: Edge,
  leased: Leased,
  size: number,
  { sets = sql``, parts = sql`` }: { sets?: SQL; parts?: SQL } = {},
): Promise<boolean> {
  const { config, db } = edge;
  const statement = sql`WITH leased AS (
      SELECT id, owner_id, ${size}::bigint - size AS bytes FROM videos WHERE ${isLeased(leased)} FOR NO KEY UPDATE
    ), ${reservesMore(cte("leased", "owner_id", "bytes"), config.STORAGEX_QUOTA_BYTES)}, reserved AS (
      UPDATE videos SET size = ${size}::bigint ${parts} FROM leased, space WHERE videos.id = leased.id RETURNING videos.id
    ), said AS (
      UPDATE imports SET lease = ${leased.lease} ${sets} FROM reserved WHERE imports.video_id = reserved.id
    )
    SELECT EXISTS (SELECT 1 FROM leased) AS leased, EXISTS (SELECT 1 FROM reserved) AS reserved`;
  const isTooLarge = size > config.STORAGEX_MAX_UPLOAD_BYTES;
  const [found] = isTooLarge ? [{ leased: true, reserved: false }] : await query(db, statement, reservedRow);
  if (found?.leased && !found.reserved) await failImport(edge, isLeased(leased), "import.too_large");
  return found?.reserved ?? false;
}
