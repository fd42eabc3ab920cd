/** The authenticated caller of a request, one type for every kind of caller. */
import type { Context } from "hono";
import type { AppEnv, Caller, KeyCaller } from "../app-env.ts";
import type { Reader } from "../db/scope.ts";
import type { Account } from "../identity/caller.ts";
import type { Right } from "../playback/access.ts";
import type { Standing } from "../playback/standing.ts";
import type { Link } from "../upload-links/enter.ts";

/**
 * A signed-in user, or a program with a key of theirs. Session or key are valid, and the account was read from
 * the database for this call.
 */
export type SignedIn = { kind: "user"; caller: Caller | KeyCaller; account: Account; reader: Reader };
/**
 * A caller whose token is valid, on a read that runs while the guard still reads session and account. The guard
 * withholds the response until it knows both to be valid.
 */
export type Arriving = { kind: "arriving"; reader: Reader };
/** Whoever has an upload link, whatever its state: what it refuses is said by the act. */
export type ByLink = { kind: "link"; link: Link; token: string };
/** Whoever uploads, or has uploaded, the video in the path by a link that stands. */
export type Uploading = { kind: "uploader"; reader: Reader };
/** A player, identified by the token in its path, whose grant is valid. */
export type Viewer = { kind: "viewer"; standing: Standing };
/** A player that reports of itself: the token in its path is ours, and its grant may have ended. */
export type Player = { kind: "player"; right: Right };

export type Principal =
  | { kind: "anybody" }
  | SignedIn
  | Arriving
  | ByLink
  | Uploading
  | Viewer
  | Player
  | { kind: "worker"; workerId: string };

/** The signed-in caller. Throws if the route declares none: a 500, never another user's data. */
export function userOf(c: Context<AppEnv>): SignedIn & { userId: string } {
  const principal = c.get("principal");
  if (principal?.kind !== "user") throw new Error("the route declares no signed-in caller");
  return { ...principal, userId: principal.account.id };
}

/** The session and account of a person. Throws if the route takes keys, too: a 500, never more than a key may do. */
export function personOf(c: Context<AppEnv>): Caller & { account: Account } {
  const { caller, account } = userOf(c);
  if (!("sessionId" in caller)) throw new Error("the route declares a scope for keys");
  return { ...caller, account };
}

/** Who sends a video's parts: by its owner's credential, or by the token of the video alone. */
export function senderOf(c: Context<AppEnv>): { reader: Reader; byLink: boolean } {
  const principal = c.get("principal");
  if (principal?.kind === "uploader") return { reader: principal.reader, byLink: true };
  return { reader: userOf(c).reader, byLink: false };
}

/**
 * The caller on a route beside its guard (`BESIDE_ITS_GUARD`); one by the token of a video is known before. Throws
 * on any other route.
 */
export function arrivingOf(c: Context<AppEnv>): { reader: Reader; byLink: boolean } {
  const principal = c.get("principal");
  if (principal?.kind === "uploader") return { reader: principal.reader, byLink: true };
  if (principal?.kind !== "arriving") throw new Error("the route does not run beside its guard");
  return { reader: principal.reader, byLink: false };
}

/** The player with its right. Throws if the route declares no playback token. */
export function viewerOf(c: Context<AppEnv>): Viewer {
  const principal = c.get("principal");
  if (principal?.kind !== "viewer") throw new Error("the route declares no playback token");
  return principal;
}

/** What a player's token grants. Throws if the route declares no report. */
export function rightOf(c: Context<AppEnv>): Right {
  const principal = c.get("principal");
  if (principal?.kind !== "player") throw new Error("the route declares no report of a player");
  return principal.right;
}
