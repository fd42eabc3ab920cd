/** Entry of the Worker: the same script on Cloudflare, under `wrangler dev` and on plain workerd. */
import { buildApp } from "./app.ts";
import type { Env } from "./config.ts";
import { Feed } from "./live/feed.ts";
import { Hub } from "./live/hub.ts";
import { Clock, windClock } from "./sweeps/clock.ts";

const app = buildApp();

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),
  scheduled: (_event, env) => windClock(env),
} satisfies ExportedHandler<Env>;

export { Clock, Feed, Hub };
