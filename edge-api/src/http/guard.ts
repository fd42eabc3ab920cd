/**
 * Guards for all routes, built from what contract declares: who may call, and the maximum body size. What is
 * not declared is refused: a route without security when the app is built, a handler without a declared route
 * at each call.
 */
import type { AuditAction } from "@storagex/contract/audit";
import { type Access, accessOf, answerKindOf, auditOf } from "@storagex/contract/routes/access";
import { MAX_BODY, maxBodyOf } from "@storagex/contract/routes/shared";
import type { SQL } from "drizzle-orm";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { App, AppEnv } from "../app-env.ts";
import type { Audit } from "../audit/record.ts";
import { edgeOf } from "../context.ts";
import { restorableBy } from "../db/scope.ts";
import { readAccessToken } from "../identity/access-token.ts";
import { readCaller } from "../identity/caller.ts";
import { clientAddress } from "../identity/client-address.ts";
import { readToken } from "../playback/access.ts";
import { requireStanding } from "../playback/standing.ts";
import { problem } from "../problem/problem.ts";
import { drain, refuseTooLong, takeBody } from "./body-limit.ts";
import { refuseUnknown } from "./not-found.ts";
import { requireOwnOrigin } from "./origin.ts";
import type { Principal } from "./principal.ts";
import { workerOf } from "./worker-auth.ts";

/** What a guard reads of a route object. */
type Guarded = Parameters<typeof accessOf | typeof auditOf | typeof answerKindOf>[0] &
  Parameters<typeof maxBodyOf>[0];

/** Under these paths only declared routes are answered. */
const GUARDED = ["/v1/*", "/internal/*", "/play/*"];

/**
 * Mounts the guard of every route and the refusal of everything else; mount the handlers after it. Throws if
 * a route has no security, a body has no limit, or a privileged act has no audit action.
 */
export function guardRoutes(app: App, routes: readonly Guarded[]): void {
  for (const route of routes) app.on(route.method.toUpperCase(), routingPath(route.path), guardOf(route));
  app.on("ALL", GUARDED, async (c, next) => {
    if (c.get("principal")) return next();
    await drain(c, MAX_BODY.text);
    return refuseUnknown(c);
  });
}

/** `/videos/{id}` in hono's syntax. */
const routingPath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ":$1");

function guardOf(route: Guarded) {
  const enter = ENTER[accessOf(route)];
  const maxBytes = maxBodyOf(route);
  const action = auditOf(route);
  const answers = answerKindOf(route);
  return createMiddleware<AppEnv>(async (c, next) => {
    c.set("answers", answers);
    try {
      if (maxBytes !== undefined) refuseTooLong(c, maxBytes);
      const principal = await enter(c);
      c.set("principal", principal);
      if (action) c.set("audit", auditFor(c, action, principal));
      // After the caller is known: a body from somebody who may not send it is not kept in memory.
      if (maxBytes !== undefined) await takeBody(c, maxBytes);
    } catch (error) {
      await drain(c, maxBytes ?? MAX_BODY.small);
      throw error;
    }
    await next();
  });
}

/** The act's actor and origin. The user agent is cut: clients may send text of any length. */
function auditFor(c: Context<AppEnv>, action: AuditAction, principal: Principal): Audit {
  return {
    action,
    actorId: principal.kind === "user" ? principal.account.id : null,
    address: clientAddress(c.req.raw.headers, c.get("config").STORAGEX_CLIENT_ADDRESS_HEADER) ?? null,
    userAgent: c.req.header("user-agent")?.slice(0, 300) ?? null,
  };
}

/** How each kind of access is verified. Each function throws the problem of its refusal. */
const ENTER: Record<Access, (c: Context<AppEnv>) => Principal | Promise<Principal>> = {
  anybody: () => ({ kind: "anybody" }),
  user: (c) => signedIn(c, undefined),
  owner: (c) => signedIn(c, c.req.param("id") ?? ""),
  restorer: (c) => signedIn(c, c.req.param("id") ?? "", restorableBy),
  admin: async (c) => {
    const user = await signedIn(c, undefined);
    if (user.account.role !== "admin") throw problem("auth.forbidden");
    return user;
  },
  cookie: ownPage,
  cookieIfAny: ownPage,
  worker: async (c) => ({ kind: "worker", workerId: await workerOf(c) }),
  playback: async (c) => {
    const right = await readToken(c.get("config"), c.req.param("token") ?? "", Date.now());
    if (!right) throw problem("playback.token_invalid");
    return { kind: "viewer", standing: await requireStanding(edgeOf(c), right) };
  },
};

/** The act reads the cookie, because it replaces it. The guard checks only that our own page sends it. */
function ownPage(c: Context<AppEnv>): Principal {
  requireOwnOrigin(c);
  return { kind: "anybody" };
}

/** Any video that the caller may not see, or a malformed id, gets the same 404 before the body is read. */
async function signedIn(c: Context<AppEnv>, videoId: string | undefined, orTo?: (userId: string) => SQL) {
  const header = c.req.header("authorization");
  if (!header) throw problem("auth.required");
  const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(header)?.[1];
  const caller = token && token.length < 4_096 ? await readAccessToken(c.get("config"), token) : undefined;
  const found = caller && (await readCaller(c.get("db"), caller, videoId, orTo));
  if (!caller || !found) throw problem("auth.token_invalid");
  if (!found.sees) throw problem("video.not_found");
  return { kind: "user" as const, sessionId: caller.sessionId, account: found.account };
}
