/** Under which names browsers may come: the refresh cookie's second lock, and a lock against names that were pointed here. */
import { isLoopback } from "@storagex/contract/settings/settings";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../app-env.ts";
import type { Config } from "../config.ts";
import { problem } from "../problem/problem.ts";

/**
 * Every browser sends `Origin` with a POST: it must be ours. Without it the caller is no browser and no cookie was
 * stolen from one; `Sec-Fetch-Site`, where it is sent, must say same-origin (sibling subdomains are same-site).
 * Throws `auth.origin_refused`.
 */
export function requireOwnOrigin(c: Context<AppEnv>): void {
  const origin = c.req.header("origin");
  const site = c.req.header("sec-fetch-site");
  if (origin !== undefined && !isOwnOrigin(origin, c.req.url, c.get("config")))
    throw problem("auth.origin_refused");
  if (site !== undefined && site !== "same-origin") throw problem("auth.origin_refused");
}

/** The public origin; on loopback also the name by which this request came (127.0.0.1 and localhost are one). */
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
 * On a loopback public URL, where no firewall is thought of: a page whose own name its owner points here is of our origin
 * to a browser, and would speak to us (DNS rebinding). Refuses with `request.host_refused`.
 */
export const requireOwnHost = createMiddleware<AppEnv>(async (c, next) => {
  if (!isOwnHost(c.req.url, c.get("config"))) throw problem("request.host_refused");
  await next();
});

/**
 * Names that strangers can point somewhere have a dot; addresses are no names. A forwarded port keeps `localhost`, and
 * containers and neighbours in the network come by short names or by address.
 */
export function isOwnHost(url: string, { publicOrigin }: Pick<Config, "publicOrigin">): boolean {
  if (!isOnLoopback(publicOrigin)) return true;
  const { hostname } = new URL(url);
  return /^(\[.*\]|[\d.]+|[^.]+|.+\.localhost)$/.test(hostname);
}

/** By origin: every call asks, and there is one. */
const onLoopback = new Map<string, boolean>();

function isOnLoopback(publicOrigin: string): boolean {
  const known = onLoopback.get(publicOrigin) ?? isLoopback(new URL(publicOrigin).hostname);
  onLoopback.set(publicOrigin, known);
  return known;
}
