/** The cookie that carries the refresh token: never readable by a script, sent with requests of our own pages only. */
import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { AppEnv } from "../app-env.ts";
import { SESSION_DAYS } from "../identity/sessions.ts";

const NAME = "storagex_refresh";
/** 256 bits as base64url. */
const FORMAT = /^[\w-]{43}$/;

/** The refresh token that came with the request; undefined when there is none of our making. */
export function readRefreshCookie(c: Context<AppEnv>): string | undefined {
  const value = getCookie(c, cookieName(c));
  return value && FORMAT.test(value) ? value : undefined;
}

/** Sets the cookie; an empty token takes it away. */
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
 * The prefix makes browsers take the cookie from this very host and over TLS only, for every path: no sibling host can put
 * somebody into a session of its own. It is used wherever there is TLS.
 */
function cookieName(c: Context<AppEnv>): string {
  return c.get("config").secureCookies ? `__Host-${NAME}` : NAME;
}
