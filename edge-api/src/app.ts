/** The order of doors and middleware; every request of the Worker goes through here, top to bottom. */
import { OpenAPIHono } from "@hono/zod-openapi";
import type { App, AppEnv } from "./app-env.ts";
import { requireAdmin, requireUser } from "./http/auth.ts";
import { limitBody } from "./http/body-limit.ts";
import { refuseUnknown } from "./http/doors.ts";
import { configured, ground } from "./http/ground.ts";
import { requireOwnHost } from "./http/origin.ts";
import { answerError, refuseInvalid } from "./http/problem.ts";
import { mountAccounts } from "./routes/accounts.ts";
import { mountAdmin } from "./routes/admin.ts";
import { mountCaptions } from "./routes/captions.ts";
import { mountDocs } from "./routes/docs.ts";
import { mountHealth } from "./routes/health.ts";
import { mountLive } from "./routes/live.ts";
import { mountPages } from "./routes/pages.ts";
import { mountPlayback } from "./routes/playback.ts";
import { mountTasks } from "./routes/tasks.ts";
import { mountVideos } from "./routes/videos.ts";

const MIB = 1024 * 1024;

/** Builds the app once per isolate. */
export function buildApp(): App {
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  app.onError(answerError);
  app.notFound(refuseUnknown);
  app.use(ground);

  app.on("ALL", ["/v1/*", "/internal/*", "/play/*", "/.well-known/*"], configured);
  app.use("/v1/*", requireOwnHost);
  // Captions in letters of three bytes each.
  app.use(
    "/v1/*",
    limitBody((path) => (path.endsWith("/captions") ? 4 : 1) * MIB),
  );
  // Reports of long files list many segments.
  app.use(
    "/internal/*",
    limitBody(() => 8 * MIB),
  );
  app.on(
    "ALL",
    ["/v1/me", "/v1/me/*", "/v1/events", "/v1/videos", "/v1/videos/*", "/v1/admin/*"],
    requireUser,
  );
  app.use("/v1/admin/*", requireAdmin);

  mountHealth(app);
  mountAccounts(app);
  mountVideos(app);
  mountCaptions(app);
  mountTasks(app);
  mountPlayback(app);
  mountAdmin(app);
  mountLive(app);
  mountDocs(app);
  mountPages(app);
  return app;
}
