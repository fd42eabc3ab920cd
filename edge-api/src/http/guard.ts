/**
 * The guards of all routes, made of what contract declares: who may call, and how long a body may be. What is not declared
 * is refused: a route without security when the app is made, a handler without a declared route at each call.
 */
import type { AuditAction } from "@storagex/contract/audit";
import { type Access, accessOf, answerKindOf, auditOf } from "@storagex/contract/routes/access";
import { MAX_BODY, maxBodyOf } from "@storagex/contract/routes/shared";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { App, AppEnv } from "../app-env.ts";
import type { Audit } from "../audit/record.ts";
import { edgeOf } from "../context.ts";
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

/** Below these nothing is answered but by a declared route. */
const GUARDED = ["/v1/*", "/internal/*", "/play/*"];

/**
 * Mounts the guard of every route, and the refusal of everything else; handlers come after. Throws where a route declares
 * no security, a body without a limit, or a privileged act that is not written down.
 */
export function guardRoutes(app: App, routes: readonly Guarded[]): void {
  for (const route of routes) app.on(route.method.toUpperCase(), routingPath(route.path), guardOf(route));
  app.on("ALL", GUARDED, async (c, next) => {
    if (c.get("principal")) return next();
    await drain(c, MAX_BODY.text);
    return refuseUnknown(c);
  });
}

/** `/videos/{id}` as hono writes it. */
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
      // After the caller is known: what nobody may send is not kept in memory.
      if (maxBytes !== undefined) await takeBody(c, maxBytes);
    } catch (error) {
      await drain(c, maxBytes ?? MAX_BODY.small);
      throw error;
    }
    await next();
  });
}

/** Who does the act, and from where: browsers send user agents of some hundred letters, others what they like. */
function auditFor(c: Context<AppEnv>, action: AuditAction, principal: Principal): Audit {
  return {
    action,
    actorId: principal.kind === "user" ? principal.account.id : null,
    address: clientAddress(c.req.raw.headers, c.get("config").STORAGEX_CLIENT_ADDRESS_HEADER) ?? null,
    userAgent: c.req.header("user-agent")?.slice(0, 300) ?? null,
  };
}

/** How each kind of access is proven; every one throws the problem that its refusal is. */
const ENTER: Record<Access, (c: Context<AppEnv>) => Principal | Promise<Principal>> = {
  anybody: () => ({ kind: "anybody" }),
  user: (c) => signedIn(c, undefined),
  owner: (c) => signedIn(c, c.req.param("id") ?? ""),
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

/** The cookie itself is read by the act, which takes and replaces it; what must be known before is whose page sends it. */
function ownPage(c: Context<AppEnv>): Principal {
  requireOwnOrigin(c);
  return { kind: "anybody" };
}

/** Whatever video is not the caller's own, malformed ids too, gets one and the same 404 before the body is looked at. */
async function signedIn(c: Context<AppEnv>, videoId: string | undefined) {
  const header = c.req.header("authorization");
  if (!header) throw problem("auth.required");
  const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(header)?.[1];
  const caller = token && token.length < 4_096 ? await readAccessToken(c.get("config"), token) : undefined;
  const found = caller && (await readCaller(c.get("db"), caller, videoId));
  if (!caller || !found) throw problem("auth.token_invalid");
  if (!found.sees) throw problem("video.not_found");
  return { kind: "user" as const, sessionId: caller.sessionId, account: found.account };
}
