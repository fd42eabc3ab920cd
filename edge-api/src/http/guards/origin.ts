/** Checks origin and host of a request: protects the refresh cookie, and protects from DNS rebinding. */
import { isLoopback } from "@storagex/contract/settings/settings";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../../app-env.ts";
import type { Config } from "../../config.ts";
import { problem } from "../../problem/problem.ts";

/**
 * Every browser sends `Origin` with a POST: it must be ours. A request without it does not come from a
 * browser, so no browser's cookie is misused. `Sec-Fetch-Site`, if sent, must be same-origin (sibling
 * subdomains are same-site). Throws `auth.origin_refused`.
 */
export function requireOwnOrigin(c: Context<AppEnv>): void {
  const origin = c.req.header("origin");
  const site = c.req.header("sec-fetch-site");
  if (origin !== undefined && !isOwnOrigin(origin, c.req.url, c.get("config")))
    throw problem("auth.origin_refused");
  if (site !== undefined && site !== "same-origin") throw problem("auth.origin_refused");
}

/** The public origin. On loopback also the origin of this request: 127.0.0.1 and localhost count as one. */
export function isOwnOrigin(
  origin: string,
  url: string,
  { publicOrigin }: Pick<Config, "publicOrigin">,
): boolean {
  if (origin === publicOrigin) return true;
  const here = new URL(url);
  return isOnLoopback(publicOrigin) && isLoopback(here.hostname) && origin === here.origin;
}

/**
 * Protects an installation with a loopback public URL, where nobody thinks of a firewall. If an attacker's
 * host name points here, a browser treats the attacker's page as our origin (DNS rebinding). Throws
 * `request.host_refused`.
 */
export const requireOwnHost = createMiddleware<AppEnv>(async (c, next) => {
  if (!isOwnHost(c.req.url, c.get("config"))) throw problem("request.host_refused");
  await next();
});

/**
 * Names that outsiders can point at an address contain a dot; IP addresses are not names. A forwarded port
 * keeps `localhost`, and containers and machines in the local network use short names or addresses.
 */
export function isOwnHost(url: string, { publicOrigin }: Pick<Config, "publicOrigin">): boolean {
  if (!isOnLoopback(publicOrigin)) return true;
  const { hostname } = new URL(url);
  return /^(\[.*\]|[\d.]+|[^.]+|.+\.localhost)$/.test(hostname);
}

/** Cached by origin: every call needs it, and there is only one. */
const onLoopback = new Map<string, boolean>();

function isOnLoopback(publicOrigin: string): boolean {
  const known = onLoopback.get(publicOrigin) ?? isLoopback(new URL(publicOrigin).hostname);
  onLoopback.set(publicOrigin, known);
  return known;
}
