/** Who a call comes from, as its guard has proven it: one answer for every kind of caller. */
import type { Context } from "hono";
import type { AppEnv } from "../app-env.ts";
import type { Account } from "../identity/caller.ts";
import type { Standing } from "../playback/standing.ts";

/** A signed-in person: the session stands, and the account is read from the database for this very call. */
export type SignedIn = { kind: "user"; sessionId: string; account: Account };
/** A player, by the token in its path, whose grant stands. */
export type Viewer = { kind: "viewer"; standing: Standing };

export type Principal = { kind: "anybody" } | SignedIn | Viewer | { kind: "worker"; workerId: string };

/** The signed-in caller. Throws where the route declares none: the answer is a 500, never somebody else's data. */
export function userOf(c: Context<AppEnv>): SignedIn & { userId: string } {
  const principal = c.get("principal");
  if (principal?.kind !== "user") throw new Error("the route declares no signed-in caller");
  return { ...principal, userId: principal.account.id };
}

/** The player with its right. Throws where the route declares no playback token. */
export function viewerOf(c: Context<AppEnv>): Viewer {
  const principal = c.get("principal");
  if (principal?.kind !== "viewer") throw new Error("the route declares no playback token");
  return principal;
}
