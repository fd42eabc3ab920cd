/** Entry of the Worker: the same script on Cloudflare, under `wrangler dev` and on plain workerd. */
import { waitUntil } from "cloudflare:workers";
import { buildApp } from "./app.ts";
import { Audience } from "./audience/audience.ts";
import type { Env } from "./config.ts";
import { keepAliveBy } from "./db/connect.ts";
import { Feed } from "./live/feed.ts";
import { Hub } from "./live/hub.ts";
import { Clock, startClock } from "./sweeps/clock.ts";

keepAliveBy(waitUntil);
const app = buildApp();

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),
  scheduled: (_event, env) => startClock(env),
} satisfies ExportedHandler<Env>;

export { Audience, Clock, Feed, Hub };
