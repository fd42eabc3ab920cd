/** Pokes this replica's feed after a call that may have changed something, so that it polls at once. */
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../app-env.ts";
import { pokeFeed } from "./hubs.ts";

/** Workers and importers report progress every other second, and it is no event: the feed's regular poll reads it. */
const isProgress = (path: string) => /\/(progress|advance|imports\/claim)$/.test(path);

export const pokeAfter = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  if (c.res.status >= 400 || isProgress(c.req.path)) return;
  c.get("waitUntil")(pokeFeed(c.env));
});
