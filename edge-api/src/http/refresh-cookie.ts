/** The refresh token's cookie: unreadable for scripts, and sent only with requests of our own pages. */
import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { AppEnv } from "../app-env.ts";
import { SESSION_DAYS } from "../identity/sessions/sessions.ts";

const NAME = "storagex_refresh";
/** 256 bits as base64url. */
const FORMAT = /^[\w-]{43}$/;

/** The refresh token of the request; undefined if there is none in our format. */
export function readRefreshCookie(c: Context<AppEnv>): string | undefined {
  const value = getCookie(c, cookieName(c));
  return value && FORMAT.test(value) ? value : undefined;
}

/** Sets the cookie; an empty token deletes it. */
export function writeRefreshCookie(c: Context<AppEnv>, refreshToken: string): void {
  setCookie(c, cookieName(c), refreshToken, {
    httpOnly: true,
    secure: c.get("config").secureCookies,
    sameSite: "Strict",
    path: c.get("config").secureCookies ? "/" : "/v1/auth",
    maxAge: refreshToken === "" ? 0 : SESSION_DAYS * 86_400,
  });
}

/**
 * With this prefix browsers accept the cookie only from this very host, over TLS, for every path: no sibling
 * host can plant its own session. Used wherever there is TLS.
 */
function cookieName(c: Context<AppEnv>): string {
  return c.get("config").secureCookies ? `__Host-${NAME}` : NAME;
}
