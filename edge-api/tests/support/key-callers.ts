/** Callers of the access matrix who have an API key, and what each may do. */

import { SCOPES, type Scope } from "@storagex/contract/accounts/scopes";
import type { Access } from "@storagex/contract/routes/access";
import { expect } from "vitest";
import { newKey, type Signed } from "./direct-rows.ts";
import type { Edge } from "./harness.ts";

type World = { owner: Signed; other: Signed; admin: Signed };
type Route = { method: string; path: string };

/** What each sends. */
export const keyCallers = (edge: () => Edge) =>
  ({
    "key with the scope": async ({ owner }, route) => byKey(edge(), owner, SCOPES.filter(isNeeded(route))),
    "key with every other scope": async ({ owner }, route) =>
      byKey(
        edge(),
        owner,
        SCOPES.filter((scope) => !isNeeded(route)(scope)),
      ),
    "other user's key": ({ other }) => byKey(edge(), other, SCOPES),
    "admin's key": ({ admin }) => byKey(edge(), admin, SCOPES),
    "admin's key without admin": ({ admin }) => byKey(edge(), admin, WITHOUT_ADMIN),
    "demoted admin's key": async ({ admin }) => {
      await edge().sql.query("UPDATE users SET role = 'user' WHERE id = $1", [admin.userId]);
      return byKey(edge(), admin, SCOPES);
    },
    "revoked key": async ({ admin }) => {
      const sent = await byKey(edge(), admin, SCOPES);
      // The Worker has read it before.
      expect((await fetch(`${edge().url}/v1/me`, { headers: sent })).status).toBe(200);
      await edge().sql.query("DELETE FROM api_keys WHERE user_id = $1", [admin.userId]);
      return sent;
    },
    "expired key": async ({ admin }) => {
      const sent = await byKey(edge(), admin, SCOPES);
      await edge().sql.query("UPDATE api_keys SET expires_at = now() WHERE user_id = $1", [admin.userId]);
      return sent;
    },
    "disabled account's key": async ({ owner }) => {
      await edge().sql.query("UPDATE users SET disabled_at = now() WHERE id = $1", [owner.userId]);
      return byKey(edge(), owner, SCOPES);
    },
    "altered key": async ({ admin }) => ({
      authorization: `${(await byKey(edge(), admin, SCOPES)).authorization}x`,
    }),
  }) satisfies Record<string, (world: World, route: Route) => Promise<{ authorization: string }>>;
type KeyCaller = keyof ReturnType<typeof keyCallers>;

export const isKeyCaller = (caller: string): caller is KeyCaller => /key/.test(caller);

const WITHOUT_ADMIN = SCOPES.filter((scope) => scope !== "admin");

async function byKey(
  edge: Edge,
  { userId }: Signed,
  scopes: readonly Scope[],
): Promise<{ authorization: string }> {
  return { authorization: `Bearer ${await newKey(edge, userId, scopes)}` };
}

/** The scope that a key needs, specified again; `any` for every key, undefined where keys may not call. */
function neededScope({ method, path }: Route): Scope | "any" | undefined {
  if (path.startsWith("/v1/admin/")) return "admin";
  if (path === "/v1/me" && method === "get") return "any";
  if (path.startsWith("/v1/webhooks")) return "webhooks:write";
  if (path.startsWith("/v1/upload-links")) return "videos:write";
  if (path.endsWith("/shares") || path.includes("/shares/")) return "shares:write";
  if (/\/(playback|source|statistics|audience|usage)$/.test(path)) return "playback:read";
  if (path === "/v1/tags" || path === "/v1/events") return "videos:read";
  if (!path.startsWith("/v1/videos")) return undefined;
  return method === "get" && !path.includes("/upload") ? "videos:read" : "videos:write";
}
/** A key must have some scope: where none is needed, any will do. */
function isNeeded(route: Route) {
  const needed = neededScope(route) ?? "any";
  return (scope: Scope) => scope === (needed === "any" ? "webhooks:write" : needed);
}

const ENDED: KeyCaller[] = ["revoked key", "expired key", "disabled account's key", "altered key"];

/** The code of the refusal, or `passes`; undefined on a route that does not ask for a bearer. */
export function expectedOfKey(access: Access, caller: KeyCaller, route: Route): string | undefined {
  if (access === "playback") return caller === "disabled account's key" ? "playback.token_invalid" : "passes";
  if (access === "beat") return "passes";
  if (!["user", "owner", "restorer", "admin"].includes(access)) return undefined;
  const scope = neededScope(route);
  if (scope === undefined) return "auth.session_only";
  if (ENDED.includes(caller)) return "auth.token_invalid";
  if (caller === "admin's key") return "passes";
  if (caller === "key with every other scope") return scope === "any" ? "passes" : "auth.scope_missing";
  if (access === "admin")
    return caller === "admin's key without admin" ? "auth.scope_missing" : "auth.forbidden";
  return access === "user" || caller === "key with the scope" ? "passes" : "video.not_found";
}
