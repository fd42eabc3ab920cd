/**
 * An account's space, and the only SQL that changes it. A video's `stored_bytes` are those of its source and of all outputs
 * that rows point at, but for a first chunk's poster, which stands in until `finish`; `used_bytes` are those of all its owner's
 * videos; `reserved_bytes` and `open_tickets` count uploads that are not complete. Each function makes one CTE, `space`, of the
 * statement in which the videos change.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Cte } from "../db/cte.ts";

/** An assignment of an UPDATE of `videos`: it stores so many bytes more, or fewer where they are negative. */
export const storesMore = (bytes: SQL | number): SQL =>
  sql`stored_bytes = videos.stored_bytes + (${bytes})::bigint`;

/** The owner of the one row of `of` uses what its video stores more by it: `bytes`, fewer where they are negative. */
export const usesMore = ({ name, columns }: Cte<"owner_id" | "bytes">): SQL => sql`space AS (
      UPDATE users SET used_bytes = used_bytes + ${columns.bytes} FROM ${name} WHERE users.id = ${columns.owner_id}
    )`;

/** The condition on `users` that `bytes` more are within `quota`; 0 is none. */
const isWithin = (bytes: number, quota: number): SQL =>
  sql`(${quota}::bigint = 0 OR used_bytes + reserved_bytes + ${bytes}::bigint <= ${quota}::bigint)`;

/** The same where the quota allows it: else `space` has no row, and the statement must do nothing. */
export const usesWithin = (
  { name, columns }: Cte<"owner_id">,
  { bytes, quota }: { bytes: number; quota: number },
): SQL => sql`space AS (
      UPDATE users SET used_bytes = used_bytes + ${bytes}::bigint FROM ${name}
      WHERE users.id = ${columns.owner_id} AND ${isWithin(bytes, quota)} RETURNING users.id
    )`;

/** One more open upload of `bytes`, reserved. `space` has the account's `id`, or no row where it may not, or is deleted. */
export const reserves = (
  ownerId: string,
  { bytes, quota, maxOpen }: { bytes: number; quota: number; maxOpen: number },
): SQL => sql`space AS (
      UPDATE users SET reserved_bytes = reserved_bytes + ${bytes}::bigint, open_tickets = open_tickets + 1
      WHERE id = ${ownerId} AND deleted_at IS NULL AND open_tickets < ${maxOpen}::int AND ${isWithin(bytes, quota)}
      RETURNING id
    )`;

/** The upload of the one row of `of` is complete: what was reserved is used. */
export const usesReserved = ({ name, columns }: Cte<"owner_id" | "size">): SQL => sql`space AS (
      UPDATE users SET reserved_bytes = reserved_bytes - ${columns.size}, used_bytes = used_bytes + ${columns.size},
        open_tickets = open_tickets - 1
      FROM ${name} WHERE users.id = ${columns.owner_id}
    )`;

/** Videos are gone, of one owner or several: what they stored and what their open uploads reserved is given back. */
export const givesBack = ({
  name,
  columns,
}: Cte<"owner_id" | "stored_bytes" | "size" | "was_ticket">): SQL => sql`space AS (
      UPDATE users SET used_bytes = used_bytes - gone.used, reserved_bytes = reserved_bytes - gone.reserved,
        open_tickets = open_tickets - gone.tickets
      FROM (
        SELECT ${columns.owner_id}, sum(${columns.stored_bytes}) AS used,
          coalesce(sum(${columns.size}) FILTER (WHERE ${columns.was_ticket}), 0) AS reserved,
          count(*) FILTER (WHERE ${columns.was_ticket}) AS tickets
        FROM ${name} GROUP BY ${columns.owner_id}
      ) AS gone WHERE users.id = gone.owner_id
    )`;

/** What a row of `videos` stores, by the rows and objects themselves: what `stored_bytes` must be once it is uploaded. */
export const STORED = `(videos.size
  + coalesce((videos.mezzanine ->> 'size')::bigint, 0) + coalesce((videos.mp4 ->> 'size')::bigint, 0)
  + (SELECT coalesce(sum((object ->> 'size')::bigint), 0) FROM jsonb_array_elements(videos.captions
      || CASE WHEN videos.status = 'completed' THEN videos.posters ELSE '[]' END
      || coalesce(videos.storyboard -> 'sheets', '[]')) AS object)
  + (SELECT coalesce(sum(size), 0) FROM media_objects
      WHERE media_objects.video_id = videos.id AND media_objects.generation = videos.generation))`;
