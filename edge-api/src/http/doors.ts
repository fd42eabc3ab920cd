/** The two doors for addresses that lead nowhere: 404, and 405 where the address takes other methods. */
import { internalRoutes } from "@storagex/contract/routes/internal";
import { publicRoutes } from "@storagex/contract/routes/public";
import type { Context } from "hono";
import type { AppEnv } from "../app-env.ts";
import { problem } from "./problem.ts";

/** With more than one slash before it too: whoever writes that means the API, and must not get a page. */
const API = /^\/+(v1|internal)(\/|$)/;

const declared = [...Object.values(publicRoutes), ...Object.values(internalRoutes)].map((route) => ({
  method: route.method.toUpperCase(),
  path: new RegExp(`^${route.path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
}));

/** Whether the path belongs to the API, known or not: such paths never reach the pages. */
export function isApiPath(path: string): boolean {
  return API.test(path);
}

/** Hono's answer for an API address that no route took; throws a Problem. */
export function refuseUnknown(c: Context<AppEnv>): never {
  const allow = declared.filter(({ path }) => path.test(c.req.path)).map(({ method }) => method);
  if (allow.length > 0) throw problem("request.method_not_allowed", { allow });
  throw problem("request.not_found");
}
