/** Whose rows a caller may see: the one place where every query of somebody's videos gets its condition. */
import { type SQL, sql } from "drizzle-orm";
import { videos } from "./schema.ts";

/** Videos that are there for `userId`: one's own, or anybody's for an admin (the role is read in the statement). */
export function visibleTo(userId: string): SQL {
  return sql`(${videos.status} <> 'deleting' AND (${videos.ownerId} = ${userId} OR ${isAdmin(userId)}))`;
}

/** One's own videos only, for admins too: the library. */
export function ownedBy(userId: string): SQL {
  return sql`(${videos.status} <> 'deleting' AND ${videos.ownerId} = ${userId})`;
}

/** Videos of everybody, for routes behind the admin guard. */
export function everybodys(): SQL {
  return sql`(${videos.status} <> 'deleting')`;
}

/** Whether `userId` is an admin now: roles are read from the database, never from a token. */
export function isAdmin(userId: string): SQL {
  return sql`EXISTS (SELECT 1 FROM users AS caller WHERE caller.id = ${userId} AND caller.role = 'admin')`;
}
