/** The authenticated caller of a request, one type for every kind of caller. */
import type { Context } from "hono";
import type { AppEnv } from "../app-env.ts";
import type { Account } from "../identity/caller.ts";
import type { Standing } from "../playback/standing.ts";

/** A signed-in user. The session is valid, and the account was read from the database for this call. */
export type SignedIn = { kind: "user"; sessionId: string; account: Account };
/** A player, identified by the token in its path, whose grant is valid. */
export type Viewer = { kind: "viewer"; standing: Standing };

export type Principal = { kind: "anybody" } | SignedIn | Viewer | { kind: "worker"; workerId: string };

/** The signed-in caller. Throws if the route declares none: a 500, never another user's data. */
export function userOf(c: Context<AppEnv>): SignedIn & { userId: string } {
  const principal = c.get("principal");
  if (principal?.kind !== "user") throw new Error("the route declares no signed-in caller");
  return { ...principal, userId: principal.account.id };
}

/** The player with its right. Throws if the route declares no playback token. */
export function viewerOf(c: Context<AppEnv>): Viewer {
  const principal = c.get("principal");
  if (principal?.kind !== "viewer") throw new Error("the route declares no playback token");
  return principal;
}
