/** Builds the Worker's app: the order of middleware, guards and handlers for every request. */
import { OpenAPIHono } from "@hono/zod-openapi";
import type { App, AppEnv } from "./app-env.ts";
import { ROUTES, refuseUnknown } from "./http/answers/not-found.ts";
import { base, configured, readableHost } from "./http/base.ts";
import { allowOrigins } from "./http/guards/cors.ts";
import { guardRoutes } from "./http/guards/guard.ts";
import { requireOwnHost } from "./http/guards/origin.ts";
import { pokeAfter } from "./live/poke.ts";
import { forgetAfter } from "./playback/standing.ts";
import { answerError, refuseInvalid } from "./problem/problem.ts";
import { mountAccounts } from "./routes/accounts.ts";
import { mountAdmin } from "./routes/admin.ts";
import { mountApiKeys } from "./routes/api-keys.ts";
import { mountCaptions } from "./routes/captions.ts";
import { mountDocs } from "./routes/docs.ts";
import { mountHealth } from "./routes/health.ts";
import { mountImports } from "./routes/imports.ts";
import { mountLive } from "./routes/live.ts";
import { mountOperators } from "./routes/operators.ts";
import { mountPages } from "./routes/pages.ts";
import { mountPlayback } from "./routes/playback.ts";
import { mountPosters } from "./routes/posters.ts";
import { REPLAYS } from "./routes/replays.ts";
import { mountSharing } from "./routes/sharing.ts";
import { mountTasks } from "./routes/tasks.ts";
import { mountUploadLinks } from "./routes/upload-links.ts";
import { mountUsage } from "./routes/usage.ts";
import { mountVideos } from "./routes/videos.ts";
import { mountVisitors, VISITOR_PATHS } from "./routes/visitors.ts";
import { mountWebhooks } from "./routes/webhooks.ts";
import { deliverAfter } from "./webhooks/hand-over.ts";

/** Methods of calls that may change something. */
const WRITES = ["POST", "PATCH", "PUT", "DELETE"];

/** Builds the app once per isolate. Throws if a declared route has no security. */
export function buildApp(): App {
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  app.onError(answerError);
  app.notFound(refuseUnknown);
  app.use(base);
  app.use(readableHost);

  app.on(
    "ALL",
    ["/v1/*", "/internal/*", "/play/*", "/oembed", "/.well-known/*", ...VISITOR_PATHS],
    configured,
  );
  app.on("ALL", ["/v1/*", "/oembed", ...VISITOR_PATHS], requireOwnHost);
  app.on("ALL", ["/v1/*"], allowOrigins);
  app.on(WRITES, ["/v1/*", "/internal/*"], pokeAfter);
  app.on(WRITES, ["/v1/*", "/internal/*"], deliverAfter);
  app.on(WRITES, ["/v1/videos/:id", "/v1/videos/:id/*"], forgetAfter);
  guardRoutes(app, ROUTES, REPLAYS);

  mountHealth(app);
  mountAccounts(app);
  mountApiKeys(app);
  mountVideos(app);
  mountImports(app);
  mountUploadLinks(app);
  mountCaptions(app);
  mountPosters(app);
  mountTasks(app);
  mountPlayback(app);
  mountSharing(app);
  mountWebhooks(app);
  mountUsage(app);
  mountAdmin(app);
  mountOperators(app);
  mountLive(app);
  mountDocs(app);
  mountVisitors(app);
  mountPages(app);
  return app;
}
