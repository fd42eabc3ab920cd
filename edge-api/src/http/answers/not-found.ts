/** Answers unknown addresses: 404, or 405 if the address accepts other methods. */

import { answerKindOf } from "@storagex/contract/routes/access";
import { internalRoutes } from "@storagex/contract/routes/internal";
import { playRoutes } from "@storagex/contract/routes/play";
import { publicRoutes } from "@storagex/contract/routes/public";
import { UNLOCK_HEADER } from "@storagex/contract/sharing";
import type { Context } from "hono";
import type { AppEnv } from "../../app-env.ts";
import { problem } from "../../problem/problem.ts";

/** Also with several leading slashes: such a client means the API and must not get a page. */
const API = /^\/+(v1|internal)(\/|$)/;

/** Every route that contract declares. `guardRoutes` guards them; they define each address's methods. */
export const ROUTES = [
  ...Object.values(publicRoutes),
  ...Object.values(internalRoutes),
  ...Object.values(playRoutes),
];

const addresses = ROUTES.map((route) => ({
  answers: answerKindOf(route),
  method: route.method.toUpperCase(),
  path: new RegExp(`^${route.path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
}));

/** Whether the path belongs to the API, known or not. Such paths never reach the pages. */
export function isApiPath(path: string): boolean {
  return API.test(path);
}

/** Answers an API address that no route matched: OPTIONS gets its methods, anything else throws a Problem. */
export function refuseUnknown(c: Context<AppEnv>): Response {
  const known = addresses.filter(({ path }) => path.test(c.req.path));
  const methods = known.map(({ method }) => method);
  if (methods.length > 0) {
    const answers = known[0]?.answers;
    c.set("answers", answers);
    const answer = refuseMethod(c, methods);
    if (answers !== "api") allowPreflight(answer.headers, methods);
    return answer;
  }
  // Clients often append a slash: redirect to the address without it.
  const { pathname, search } = new URL(c.req.url);
  const meant = pathname.replace(/\/$/, "");
  if (meant !== pathname && addresses.some(({ path }) => path.test(meant)))
    return c.redirect(meant + search, 308);
  throw problem("request.not_found");
}

/** What scripts on other sites may send to an address whose answers they may read (Fetch, section 3.3.3). */
function allowPreflight(headers: Headers, methods: readonly string[]): void {
  headers.set("access-control-allow-methods", methods.join(", "));
  headers.set("access-control-allow-headers", `content-type, ${UNLOCK_HEADER}`);
  headers.set("access-control-max-age", "7200");
}

/** Refuses a method that an address does not accept; OPTIONS lists the methods (RFC 9110, section 9.3.7). */
export function refuseMethod(c: Context<AppEnv>, methods: readonly string[]): Response {
  const allow = [...new Set(methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])))];
  if (c.req.method !== "OPTIONS") throw problem("request.method_not_allowed", { allow });
  return c.body(null, 204, { allow: [...allow, "OPTIONS"].join(", ") });
}
