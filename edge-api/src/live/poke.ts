/** After a call that may have changed something, the feed of this replica looks at once: dashboards need not wait for its next round. */
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../app-env.ts";
import { pokeFeed } from "./hubs.ts";

/** Progress comes every second from every worker, and is no event: the feed's rounds see it. */
const isProgress = (path: string) => path.endsWith("/progress");

export const pokeAfter = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  if (c.req.method === "GET" || c.res.status >= 400 || isProgress(c.req.path)) return;
  c.get("waitUntil")(pokeFeed(c.env));
});
