/** The refresh cookie's second lock: a page of another origin may not make a browser use it. */
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../app-env.ts";
import type { Config } from "../config.ts";
import { problem } from "./problem.ts";

/**
 * Every browser sends `Origin` with a POST: it must be ours. Without it the caller is no browser and no cookie was
 * stolen from one; `Sec-Fetch-Site`, where it is sent, must say same-origin (sibling subdomains are same-site).
 */
export const requireOwnOrigin = createMiddleware<AppEnv>(async (c, next) => {
  const origin = c.req.header("origin");
  const site = c.req.header("sec-fetch-site");
  if (origin !== undefined && !isOwnOrigin(origin, c.req.url, c.get("config")))
    throw problem("auth.origin_refused");
  if (site !== undefined && site !== "same-origin") throw problem("auth.origin_refused");
  await next();
});

/** The public origin; on loopback also the name by which this request came (127.0.0.1 and localhost are one). */
export function isOwnOrigin(
  origin: string,
  url: string,
  { publicOrigin }: Pick<Config, "publicOrigin">,
): boolean {
  if (origin === publicOrigin) return true;
  const here = new URL(url);
  return isLoopback(new URL(publicOrigin).hostname) && isLoopback(here.hostname) && origin === here.origin;
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
