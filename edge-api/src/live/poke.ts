/** Pokes this replica's feed after a call that may have changed something, so that it polls at once. */
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../app-env.ts";
import { pokeFeed } from "./hubs.ts";

export const pokeAfter = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  if (c.res.status < 400 && c.get("wakes")) c.get("waitUntil")(pokeFeed(c.env));
});
