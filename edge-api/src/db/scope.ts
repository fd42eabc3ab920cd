/** SQL conditions for the videos that a caller may see. Every query of a user's videos uses one. */
import { type SQL, sql } from "drizzle-orm";
import { videos } from "./schema/videos.ts";

/** Who reads. With `asAdmin`, everybody's videos while the account is an administrator's: never for a key without that scope. */
export type Reader = { userId: string; asAdmin: boolean };

/** `asked.key` is a `videoKey`: whether its reader may see the video of `videos`. */
export const isVisibleToKey = sql`(${videos.status} <> 'deleting' AND (${videos.ownerId} = asked.key ->> 1
  OR asked.key ->> 2 = 'admin' AND ${isAdmin(sql`asked.key ->> 1`)}))`;

/** The key of what `reader` reads of a video. */
export const videoKey = (id: string, { userId, asAdmin }: Reader): VideoKey => [
  id,
  userId,
  asAdmin ? "admin" : "own",
];
export type VideoKey = readonly [id: string, userId: string, as: "admin" | "own"];

/** Videos that the reader may see: their own, or all for an admin (the statement reads the role). */
export function visibleTo(reader: Reader): SQL {
  return sql`(${videos.status} <> 'deleting' AND ${isOwnOrAdmins(reader)})`;
}

const isOwnOrAdmins = ({ userId, asAdmin }: Reader) =>
  asAdmin ? sql`(${videos.ownerId} = ${userId} OR ${isAdmin(userId)})` : sql`${videos.ownerId} = ${userId}`;

/** Deleted videos that the reader may bring back, as long as their owner's account exists. */
export function restorableBy(reader: Reader): SQL {
  return sql`(${videos.status} = 'deleting' AND ${videos.undoUntil} > now()
    AND ${isOwnOrAdmins(reader)}
    AND EXISTS (SELECT 1 FROM users AS its WHERE its.id = ${videos.ownerId} AND its.deleted_at IS NULL))`;
}

/** The user's own videos only, also for admins: the library. */
export function ownedBy(userId: string | SQL): SQL {
  return sql`(${videos.status} <> 'deleting' AND ${videos.ownerId} = ${userId})`;
}

/** Everybody's videos, for routes behind the admin guard. */
export function everybodys(): SQL {
  return sql`(${videos.status} <> 'deleting')`;
}

/** Whether `userId` is an admin now: roles are read from the database, never from a token. */
export function isAdmin(userId: string | SQL): SQL {
  return sql`EXISTS (SELECT 1 FROM users AS caller WHERE caller.id = ${userId} AND caller.role = 'admin')`;
}
