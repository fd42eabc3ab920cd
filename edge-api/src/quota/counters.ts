/**
 * The only SQL that changes an account's usage counters, besides the sweep that compares them (`compare`). A video's
 * `stored_bytes` are the bytes of its source and of all outputs that rows reference, except the first chunk's temporary
 * poster, which `finish` replaces. `used_bytes` sums those of all the owner's videos, `source_bytes` those of their
 * sources. `reserved_bytes` and `open_tickets` count incomplete uploads. Each function makes one CTE, `space`, for the
 * statement that changes the videos.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Cte } from "../db/cte.ts";

/** An assignment for an UPDATE of `videos`: adds `bytes`, negative for less. */
export const storesMore = (bytes: SQL | number): SQL =>
  sql`stored_bytes = videos.stored_bytes + (${bytes})::bigint`;

/** Maximum unfinished uploads of an account, imports among them. */
export const OPEN_UPLOADS = 100;

/** Adds `bytes` of each row of `of` (negative for less) to its owner's used bytes. */
export const usesMore = ({ name, columns }: Cte<"owner_id" | "bytes">): SQL => sql`space AS (
      UPDATE users SET used_bytes = used_bytes + more.bytes FROM (
        SELECT ${columns.owner_id}, sum(${columns.bytes})::bigint AS bytes FROM ${name} GROUP BY ${columns.owner_id}
      ) AS more WHERE users.id = more.owner_id
    )`;

/**
 * The condition on `users` that `bytes` more are within the account's own quota, or within `quota` where it
 * has none. A quota of 0 means unlimited.
 */
const isWithin = (bytes: number | SQL, quota: number): SQL => {
  const own = sql`coalesce(quota_bytes, ${quota}::bigint)`;
  return sql`(${own} = 0 OR used_bytes + reserved_bytes + (${bytes})::bigint <= ${own})`;
};

/**
 * The condition on `users` that the account stores less video than its quota of minutes. The length of a file
 * is unknown until it is read, so the last video may exceed it.
 */
const hasMinutes = sql`(coalesce(quota_minutes, 0) = 0 OR quota_minutes * 60000::bigint > video_milliseconds)`;

/**
 * Adds `bytes` to the used bytes of the owner of `of` if the quota allows it. Otherwise `space` has no row,
 * and the statement must change nothing.
 */
export const usesWithin = (
  { name, columns }: Cte<"owner_id">,
  { bytes, quota }: { bytes: number; quota: number },
): SQL => sql`space AS (
      UPDATE users SET used_bytes = used_bytes + ${bytes}::bigint FROM ${name}
      WHERE users.id = ${columns.owner_id} AND ${isWithin(bytes, quota)} RETURNING users.id
    )`;

/**
 * One more open upload, with `bytes` reserved. `space` has the account's `id`; no row if the quota or the
 * number of open tickets is exceeded, the account is deleted, or `holds` does not hold.
 */
export const reserves = (
  ownerId: string,
  {
    bytes,
    quota,
    maxOpen,
    holds = sql`true`,
  }: { bytes: number; quota: number; maxOpen: number; holds?: SQL | undefined },
): SQL => sql`space AS (
      UPDATE users SET reserved_bytes = reserved_bytes + ${bytes}::bigint, open_tickets = open_tickets + 1
      WHERE id = ${ownerId} AND deleted_at IS NULL AND disabled_at IS NULL AND open_tickets < ${maxOpen}::int AND ${isWithin(bytes, quota)}
        AND ${hasMinutes} AND ${holds}
      RETURNING id
    )`;

/**
 * Uploads of one or several owners are open again, with nothing reserved. `space` has the `id` of each owner whose
 * open uploads stay within `maxOpen`: what belongs to others must not change.
 */
export const reopens = ({ name, columns }: Cte<"owner_id">, maxOpen: number): SQL => sql`space AS (
      UPDATE users SET open_tickets = open_tickets + more.tickets
      FROM (SELECT ${columns.owner_id}, count(*) AS tickets FROM ${name} GROUP BY ${columns.owner_id}) AS more
      WHERE users.id = more.owner_id AND open_tickets + more.tickets <= ${maxOpen}::int RETURNING users.id
    )`;

/**
 * The incomplete source of the one row of `of` is `bytes` longer than was reserved for it (negative for less).
 * Where the quota does not allow it, `space` has no row, and the statement must change nothing.
 */
export const reservesMore = (
  { name, columns }: Cte<"owner_id" | "bytes">,
  quota: number,
): SQL => sql`space AS (
      UPDATE users SET reserved_bytes = reserved_bytes + ${columns.bytes} FROM ${name}
      WHERE users.id = ${columns.owner_id} AND (${columns.bytes} <= 0 OR ${isWithin(columns.bytes, quota)}) RETURNING users.id
    )`;

/** The upload of the one row of `of` is complete: moves its bytes from reserved to used. */
export const usesReserved = ({ name, columns }: Cte<"owner_id" | "size">): SQL => sql`space AS (
      UPDATE users SET reserved_bytes = reserved_bytes - ${columns.size}, used_bytes = used_bytes + ${columns.size},
        source_bytes = source_bytes + ${columns.size}, open_tickets = open_tickets - 1
      FROM ${name} WHERE users.id = ${columns.owner_id}
    )`;

/** Videos of one or several owners are deleted: gives back their stored bytes and open uploads. */
export const givesBack = ({
  name,
  columns,
}: Cte<"owner_id" | "stored_bytes" | "source_bytes" | "size" | "was_ticket">): SQL => sql`space AS (
      UPDATE users SET used_bytes = used_bytes - gone.used, source_bytes = source_bytes - gone.sources,
        reserved_bytes = reserved_bytes - gone.reserved,
        open_tickets = open_tickets - gone.tickets
      FROM (
        SELECT ${columns.owner_id}, sum(${columns.stored_bytes}) AS used, sum(${columns.source_bytes}) AS sources,
          coalesce(sum(${columns.size}) FILTER (WHERE ${columns.was_ticket}), 0) AS reserved,
          count(*) FILTER (WHERE ${columns.was_ticket}) AS tickets
        FROM ${name} GROUP BY ${columns.owner_id}
      ) AS gone WHERE users.id = gone.owner_id
    )`;

/**
 * Bytes of a row of `videos` that are its source's: none while it is uploaded. Rows of earlier releases do not say
 * so; a source that was refused during its upload is smaller than what was stored of it.
 */
export const sourceBytes = sql`coalesce(videos.source_bytes,
  CASE WHEN videos.ticket_expires_at IS NULL AND videos.stored_bytes >= videos.size THEN videos.size ELSE 0 END)`;

/**
 * What a row of `videos` stores, summed from the rows themselves: the value that `stored_bytes` must have
 * once the video is uploaded.
 */
export const STORED = `(videos.size
  + coalesce((videos.mezzanine ->> 'size')::bigint, 0) + coalesce((videos.mp4 ->> 'size')::bigint, 0)
  + (SELECT coalesce(sum((object ->> 'size')::bigint), 0) FROM jsonb_array_elements(videos.captions
      || CASE WHEN videos.status = 'completed' THEN videos.posters ELSE '[]' END
      || coalesce(videos.storyboard -> 'sheets', '[]')) AS object)
  + (SELECT coalesce(sum(size), 0) FROM media_objects
      WHERE media_objects.video_id = videos.id AND media_objects.generation = videos.generation))`;
