/** Entry of the Worker: the same script on Cloudflare, under `wrangler dev` and on plain workerd. */
import { buildApp } from "./app.ts";
import type { Env } from "./config.ts";

const app = buildApp();

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),
} satisfies ExportedHandler<Env>;
