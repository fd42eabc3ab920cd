/** SQL conditions for the videos that a caller may see. Every query of a user's videos uses one. */
import { type SQL, sql } from "drizzle-orm";
import { videos } from "./schema/videos.ts";

/** Videos that `userId` may see: the user's own, or all for an admin (the statement reads the role). */
export function visibleTo(userId: string): SQL {
  return sql`(${videos.status} <> 'deleting' AND (${videos.ownerId} = ${userId} OR ${isAdmin(userId)}))`;
}

/** Deleted videos that `userId` may bring back, as long as their owner's account exists. */
export function restorableBy(userId: string): SQL {
  return sql`(${videos.status} = 'deleting' AND ${videos.undoUntil} > now()
    AND (${videos.ownerId} = ${userId} OR ${isAdmin(userId)})
    AND EXISTS (SELECT 1 FROM users AS its WHERE its.id = ${videos.ownerId} AND its.deleted_at IS NULL))`;
}

/** The user's own videos only, also for admins: the library. */
export function ownedBy(userId: string): SQL {
  return sql`(${videos.status} <> 'deleting' AND ${videos.ownerId} = ${userId})`;
}

/** Everybody's videos, for routes behind the admin guard. */
export function everybodys(): SQL {
  return sql`(${videos.status} <> 'deleting')`;
}

/** Whether `userId` is an admin now: roles are read from the database, never from a token. */
export function isAdmin(userId: string): SQL {
  return sql`EXISTS (SELECT 1 FROM users AS caller WHERE caller.id = ${userId} AND caller.role = 'admin')`;
}
