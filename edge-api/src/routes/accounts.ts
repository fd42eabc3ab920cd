/**
 * Routes of accounts: register, sign in, refresh, sign out, first administrator, own account, change
 * password, delete account.
 */
import { publicRoutes } from "@storagex/contract/routes/public";
import type { Context } from "hono";
import type { App, AppEnv } from "../app-env.ts";
import { edgeOf } from "../context.ts";
import { personOf, userOf } from "../http/principal.ts";
import { readRefreshCookie, writeRefreshCookie } from "../http/refresh-cookie.ts";
import { readLink, useLink } from "../identity/account-links.ts";
import { logIn, register, type SignedIn, setUp } from "../identity/accounts.ts";
import { ofAccount, ofClient } from "../identity/attempts/attempt-limits.ts";
import { countAttempt } from "../identity/attempts/attempts.ts";
import { clientNetwork } from "../identity/attempts/client-address.ts";
import { deleteOwnAccount } from "../identity/delete-account.ts";
import { changeOwnAccount, toMe } from "../identity/own-account.ts";
import { changeOwnPassword } from "../identity/passwords/own-password.ts";
import { ACCESS_TOKEN_SECONDS, issueAccessToken } from "../identity/sessions/access-token.ts";
import {
  endOtherSessions,
  endOwnSession,
  listSessions,
  noteClient,
} from "../identity/sessions/own-sessions.ts";
import { endSession, rotate } from "../identity/sessions/sessions.ts";
import { keysOf } from "../keys/signing-keys.ts";
import { problem } from "../problem/problem.ts";
import { profileFor } from "../uploads/profile.ts";

/** Mounts `/v1/auth/*`, `/v1/me` and the public keys. */
export function mountAccounts(app: App): void {
  app.openapi(publicRoutes.register, async (c) => {
    if (c.get("config").STORAGEX_REGISTRATION === "closed") throw problem("auth.registration_closed");
    await countAttempt(c.get("db"), ofClient("register", networkOf(c)));
    return c.json(await sessionOf(c, await register(edgeOf(c), c.req.valid("json"))), 201);
  });

  app.openapi(publicRoutes.login, async (c) => {
    const { email, password } = c.req.valid("json");
    const account = await ofAccount(email);
    await countAttempt(c.get("db"), [...ofClient("login", networkOf(c)), account]);
    const attempt = { email, password, clears: account.subject };
    return c.json(await sessionOf(c, await logIn(edgeOf(c), attempt)), 200);
  });

  app.openapi(publicRoutes.setup, async (c) => {
    const { token, ...account } = c.req.valid("json");
    await countAttempt(c.get("db"), ofClient("setup", networkOf(c)));
    return c.json(await sessionOf(c, await setUp(edgeOf(c), token, account)), 201);
  });

  app.openapi(publicRoutes.readLink, async (c) => {
    await countAttempt(c.get("db"), ofClient("join", networkOf(c)));
    return c.json(await readLink(c.get("db"), c.req.valid("json").token), 200);
  });

  app.openapi(publicRoutes.join, async (c) => {
    await countAttempt(c.get("db"), ofClient("join", networkOf(c)));
    return c.json(await sessionOf(c, await useLink(edgeOf(c), c.req.valid("json"))), 200);
  });

  app.openapi(publicRoutes.refresh, async (c) => {
    const presented = readRefreshCookie(c);
    if (!presented) throw problem("auth.refresh_invalid");
    const { refreshToken, ...caller } = await rotate(edgeOf(c), presented);
    writeRefreshCookie(c, refreshToken);
    const accessToken = await issueAccessToken(c.get("config"), caller);
    return c.json({ accessToken, expiresIn: ACCESS_TOKEN_SECONDS }, 200);
  });

  app.openapi(publicRoutes.presence, (c) => c.json({ presented: readRefreshCookie(c) !== undefined }, 200));

  app.openapi(publicRoutes.logout, async (c) => {
    const presented = readRefreshCookie(c);
    // First, so that this browser is signed out even if the database is unavailable.
    writeRefreshCookie(c, "");
    if (presented) await endSession(edgeOf(c), presented);
    return c.body(null, 204);
  });

  app.openapi(publicRoutes.me, (c) => c.json(toMe(edgeOf(c), userOf(c).account), 200));

  app.openapi(publicRoutes.updateMe, async (c) => {
    const changes = c.req.valid("json");
    const edge = edgeOf(c);
    // Refuses what is not allowed.
    if (changes.profile) profileFor(edge.config, changes.profile);
    return c.json(toMe(edge, await changeOwnAccount(edge, userOf(c).account, changes)), 200);
  });

  app.openapi(publicRoutes.listSessions, async (c) =>
    c.json({ items: await listSessions(c.get("db"), personOf(c)) }, 200),
  );

  app.openapi(publicRoutes.endOtherSessions, async (c) => {
    await endOtherSessions(edgeOf(c), personOf(c));
    return c.body(null, 204);
  });

  app.openapi(publicRoutes.endOneSession, async (c) => {
    await endOwnSession(edgeOf(c), personOf(c), c.req.valid("param").id);
    return c.body(null, 204);
  });

  app.openapi(publicRoutes.changePassword, async (c) => {
    await changeOwnPassword(edgeOf(c), personOf(c), c.req.valid("json"));
    return c.body(null, 204);
  });

  app.openapi(publicRoutes.deleteMe, async (c) => {
    await deleteOwnAccount(edgeOf(c), personOf(c).userId, c.req.valid("json").password);
    writeRefreshCookie(c, "");
    return c.body(null, 204);
  });

  app.get("/.well-known/jwks.json", async (c) => {
    const { publicSet } = await keysOf(c.get("config"));
    return c.json(publicSet, 200, { "cache-control": "public, max-age=300" });
  });
}

/** The response to a caller who has just proven their identity; sets the cookie. */
async function sessionOf(c: Context<AppEnv>, { user, sessionId, refreshToken }: SignedIn) {
  writeRefreshCookie(c, refreshToken);
  await noteClient(c.get("db"), sessionId, c.req.header("user-agent"));
  const accessToken = await issueAccessToken(c.get("config"), { userId: user.id, sessionId });
  return { user, accessToken, expiresIn: ACCESS_TOKEN_SECONDS };
}

function networkOf(c: Context<AppEnv>): string | undefined {
  return clientNetwork(c.req.raw.headers, c.get("config").STORAGEX_CLIENT_ADDRESS_HEADER);
}
