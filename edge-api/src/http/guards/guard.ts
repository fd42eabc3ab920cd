/**
 * Guards for all routes, built from what contract declares: who may call, and the maximum body size. What is
 * not declared is refused: a route without security when the app is built, a handler without a declared route
 * at each call.
 */
import { API_KEY_PREFIX } from "@storagex/contract/accounts/api-keys";
import type { AuditAction } from "@storagex/contract/accounts/audit";
import type { Scope } from "@storagex/contract/accounts/scopes";
import { takesIdempotencyKey } from "@storagex/contract/idempotency";
import {
  type Access,
  accessOf,
  answerKindOf,
  auditOf,
  linkTokenOf,
  runsBeside,
  scopeOf,
  wakesOthers,
} from "@storagex/contract/routes/access";
import { IMPORTER_ID, SENDER_ID } from "@storagex/contract/routes/internal";
import { MAX_BODY, maxBodyByLinkOf, maxBodyOf } from "@storagex/contract/routes/shared";
import type { SQL } from "drizzle-orm";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { App, AppEnv, Caller, KeyCaller } from "../../app-env.ts";
import type { Audit } from "../../audit/record.ts";
import { edgeOf } from "../../context.ts";
import { type Reader, restorableBy } from "../../db/scope.ts";
import { noteUse, readApiKey } from "../../identity/api-keys.ts";
import { clientAddress } from "../../identity/attempts/client-address.ts";
import { credentialOf, readCaller, readerOf } from "../../identity/caller.ts";
import { readAccessToken } from "../../identity/sessions/access-token.ts";
import { type Right, readToken } from "../../playback/access.ts";
import { requireLikely, requireStanding } from "../../playback/standing.ts";
import { problem } from "../../problem/problem.ts";
import { linkTokenIn } from "../../upload-links/token.ts";
import { refuseUnknown } from "../answers/not-found.ts";
import { onlyOnce, type Replay } from "../idempotency.ts";
import type { Principal, SignedIn } from "../principal.ts";
import { drain, refuseTooLong, takeBody } from "./body-limit.ts";
import { byLinkToken } from "./by-link-token.ts";
import { requireOwnOrigin } from "./origin.ts";
import { countAnonymous, countCall, countUnlock } from "./rates.ts";
import { workerOf } from "./worker-auth.ts";

/** What a guard reads of a route object. */
type Guarded = Parameters<
  typeof accessOf | typeof scopeOf | typeof auditOf | typeof answerKindOf | typeof runsBeside
>[0] &
  Parameters<typeof maxBodyByLinkOf>[0];

/** Under these paths only declared routes are answered. */
const GUARDED = ["/v1/*", "/internal/*", "/play/*"];

/**
 * Mounts the guard of every route and the refusal of everything else; mount the handlers after it. Throws if
 * a route has no security, a body has no limit, a privileged act has no audit action, or a route that takes an
 * idempotency key has no replay.
 */
export function guardRoutes(
  app: App,
  routes: readonly Guarded[],
  replays: ReadonlyMap<object, Replay>,
): void {
  for (const route of routes) {
    const replay = replays.get(route);
    if (takesIdempotencyKey(route) !== (replay !== undefined))
      throw new Error(
        `${route.method} ${route.path} takes an idempotency key and nothing answers again, or not`,
      );
    app.on(route.method.toUpperCase(), routingPath(route.path), guardOf(route, replay));
  }
  app.on("ALL", GUARDED, async (c, next) => {
    if (c.get("principal")) return next();
    await drain(c, MAX_BODY.text);
    return refuseUnknown(c);
  });
}

/** `/videos/{id}` in hono's syntax. */
const routingPath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ":$1");

function guardOf(route: Guarded, replay: Replay | undefined) {
  if (runsBeside(route)) return guardBeside(route);
  const enter = orByLinkToken(ENTER[accessOf(route)], route);
  const scope = scopeOf(route);
  const maxBytes = maxBodyOf(route);
  const maxByLink = maxBodyByLinkOf(route);
  const action = auditOf(route);
  const answers = answerKindOf(route);
  const wakes = wakesOthers(route);
  return createMiddleware<AppEnv>(async (c, next) => {
    c.set("answers", answers);
    c.set("wakes", wakes);
    let once: Parameters<typeof onlyOnce>[2] | undefined;
    try {
      if (maxBytes !== undefined) refuseTooLong(c, maxBytes);
      const principal = await enter(c, scope);
      c.set("principal", principal);
      if (action) c.set("audit", auditFor(c, action, principal));
      // After the caller is known: a body from somebody who may not send it is not kept in memory.
      const limit = principal.kind === "link" ? maxByLink : maxBytes;
      if (limit !== undefined) refuseTooLong(c, limit);
      const body = limit === undefined ? new Uint8Array() : await takeBody(c, limit);
      const credential = replay && makerOf(principal);
      if (replay && credential) once = { credential, body, replay };
    } catch (error) {
      await drain(c, maxBytes ?? MAX_BODY.small);
      throw error;
    }
    if (once) return onlyOnce(c, next, once);
    await next();
  });
}

/** The credential whose calls an idempotency key is of; undefined for who makes nothing. */
function makerOf(principal: Principal): string | undefined {
  if (principal.kind === "link") return principal.link.id;
  return principal.kind === "user" ? credentialOf(principal.caller) : undefined;
}

/**
 * The guard of a route that declares `BESIDE_ITS_GUARD`. The response is dropped if the caller is refused. Whether
 * the caller may see the video the handler finds out.
 */
function guardBeside(route: Guarded) {
  const scope = scopeOf(route);
  const takes = linkTokenOf(route);
  return createMiddleware<AppEnv>(async (c, next) => {
    c.set("answers", answerKindOf(route));
    const sent = takes && linkTokenIn(c.req.header("authorization"));
    if (sent) {
      c.set("principal", await byLinkToken(c, sent, takes));
      return next();
    }
    const caller = await callerOf(c, scope);
    c.set("principal", { kind: "arriving", reader: readerOf(caller) });
    const entering = enterAs(c, caller, undefined);
    // Awaited below, after the handler; until then its rejection has no other listener.
    entering.catch(() => undefined);
    await next();
    try {
      await entering;
    } catch (error) {
      c.res = undefined;
      throw error;
    }
  });
}

/** The act's actor and origin. The user agent is cut: clients may send text of any length. */
function auditFor(c: Context<AppEnv>, action: AuditAction, principal: Principal): Audit {
  return {
    action,
    actorId: principal.kind === "user" ? principal.account.id : null,
    keyId: principal.kind === "user" && "keyId" in principal.caller ? principal.caller.keyId : null,
    address: clientAddress(c.req.raw.headers, c.get("config").STORAGEX_CLIENT_ADDRESS_HEADER) ?? null,
    userAgent: c.req.header("user-agent")?.slice(0, 300) ?? null,
  };
}

/** What a key needs on a route, see `scopeOf`. */
type Needed = Scope | "any" | undefined;

type Enter = (c: Context<AppEnv>, scope: Needed) => Principal | Promise<Principal>;

/** Enters also by the token of an upload link that the route takes; every other is refused by `enter`. */
function orByLinkToken(enter: Enter, route: Guarded): Enter {
  const takes = linkTokenOf(route);
  if (!takes) return enter;
  return (c, scope) => {
    const sent = linkTokenIn(c.req.header("authorization"));
    return sent ? byLinkToken(c, sent, takes) : enter(c, scope);
  };
}

/** How each kind of access is verified. Each function throws the problem of its refusal. */
const ENTER: Record<Access, Enter> = {
  anybody: async (c) => {
    const token = c.req.method === "POST" ? c.req.param("token") : undefined;
    if (token === undefined) countAnonymous(c);
    else await countUnlock(c, token);
    return { kind: "anybody" };
  },
  user: (c, scope) => signedIn(c, scope, undefined),
  owner: (c, scope) => signedIn(c, scope, c.req.param("id") ?? ""),
  restorer: (c, scope) => signedIn(c, scope, c.req.param("id") ?? "", restorableBy),
  admin: async (c, scope) => {
    const user = await signedIn(c, scope, undefined);
    if (user.account.role !== "admin") throw problem("auth.forbidden");
    return user;
  },
  cookie: ownPage,
  cookieIfAny: ownPage,
  worker: async (c) => {
    const workerId = await workerOf(c);
    if (workerId === SENDER_ID || workerId === IMPORTER_ID) throw problem("internal.token_invalid");
    return { kind: "worker", workerId };
  },
  sender: (c) => service(c, SENDER_ID),
  importer: (c) => service(c, IMPORTER_ID),
  playback: async (c) => ({ kind: "viewer", standing: await requireStanding(edgeOf(c), await rightOf(c)) }),
  beat: async (c) => ({ kind: "player", right: await requireLikely(edgeOf(c), await rightOf(c)) }),
};

async function rightOf(c: Context<AppEnv>): Promise<Right> {
  const right = await readToken(c.get("config"), c.req.param("token") ?? "", Date.now());
  if (!right) throw problem("playback.token_invalid");
  return right;
}

/** The one service that has the credential `id`. */
async function service(c: Context<AppEnv>, id: string): Promise<Principal> {
  const workerId = await workerOf(c);
  if (workerId !== id) throw problem("internal.token_invalid");
  return { kind: "worker", workerId };
}

/** The act reads the cookie, because it replaces it. The guard checks only that our own page sends it. */
function ownPage(c: Context<AppEnv>): Principal {
  countAnonymous(c);
  requireOwnOrigin(c);
  return { kind: "anybody" };
}

async function signedIn(
  c: Context<AppEnv>,
  scope: Needed,
  videoId: string | undefined,
  orTo?: (reader: Reader) => SQL,
) {
  return enterAs(c, await callerOf(c, scope), videoId, orTo);
}

/** The caller that the bearer token or API key names, whose call is counted; a key must have the scope. */
async function callerOf(c: Context<AppEnv>, scope: Needed): Promise<Caller | KeyCaller> {
  try {
    return await namedCaller(c, scope);
  } catch (error) {
    // Whoever guesses credentials is nobody yet.
    if (!c.get("rate")) countAnonymous(c);
    throw error;
  }
}

async function namedCaller(c: Context<AppEnv>, scope: Needed): Promise<Caller | KeyCaller> {
  const header = c.req.header("authorization");
  if (!header) throw problem("auth.required");
  // Where the route takes one, it has entered before.
  if (linkTokenIn(header)) throw problem("upload_link.not_allowed");
  const key = API_KEY.exec(header)?.[1];
  if (key) return keyCallerOf(c, key, scope);
  const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(header)?.[1];
  const caller = token && token.length < 4_096 ? await readAccessToken(c.get("config"), token) : undefined;
  if (!caller) throw problem("auth.token_invalid");
  countCall(c, credentialOf(caller));
  return caller;
}

const API_KEY = new RegExp(`^Bearer +(${API_KEY_PREFIX}\\w{20,60})$`, "i");

async function keyCallerOf(c: Context<AppEnv>, key: string, scope: Needed): Promise<KeyCaller> {
  if (scope === undefined) throw problem("auth.session_only");
  const caller = await readApiKey(c.get("config"), c.get("db"), key);
  if (!caller) throw problem("auth.token_invalid");
  countCall(c, credentialOf(caller));
  if (scope === "any" || caller.scopes.includes(scope)) return caller;
  // Of a key that has ended, only that is said.
  await enterAs(c, caller, undefined);
  throw problem("auth.scope_missing", { scope });
}

/** Any video that the caller may not see, or a malformed id, gets the same 404 before the body is read. */
async function enterAs(
  c: Context<AppEnv>,
  caller: Caller | KeyCaller,
  videoId: string | undefined,
  orTo?: (reader: Reader) => SQL,
): Promise<SignedIn> {
  const found = await readCaller(c.get("db"), caller, videoId, orTo);
  if (!found) throw problem("auth.token_invalid");
  if (!found.sees) throw problem("video.not_found");
  if (found.isUnnoted && "keyId" in caller) c.get("waitUntil")(noteUse(c.get("db"), caller));
  return { kind: "user", caller, account: found.account, reader: readerOf(caller) };
}
