/** The order of doors and middleware; every request of the Worker goes through here, top to bottom. */
import { OpenAPIHono } from "@hono/zod-openapi";
import type { App, AppEnv } from "./app-env.ts";
import { configOf } from "./config.ts";
import { connect } from "./db/connect.ts";
import { requireAdmin, requireUser } from "./http/auth.ts";
import { limitBody } from "./http/body-limit.ts";
import { isApiPath, refuseUnknown } from "./http/doors.ts";
import { log, reasonOf } from "./http/log.ts";
import { answerError, refuseInvalid } from "./http/problem.ts";
import { traceOf } from "./http/trace.ts";
import { mountAccounts } from "./routes/accounts.ts";
import { mountHealth } from "./routes/health.ts";
import { mountPlayback } from "./routes/playback.ts";
import { mountTasks } from "./routes/tasks.ts";
import { mountVideos } from "./routes/videos.ts";

const MIB = 1024 * 1024;

/** Builds the app once per isolate. */
export function buildApp(): App {
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  app.onError(answerError);
  app.notFound(refuseUnknown);

  app.use(async (c, next) => {
    const began = Date.now();
    const trace = traceOf(c.req.header("traceparent"));
    c.set("traceId", trace.traceId);
    c.set("traceparent", trace.traceparent);
    c.set("waitUntil", (work) =>
      c.executionCtx.waitUntil(
        work.catch((error: unknown) =>
          log("error", "work after the answer failed", { traceId: trace.traceId, reason: reasonOf(error) }),
        ),
      ),
    );
    await next();
    if (!isApiPath(c.req.path)) return;
    c.res.headers.set("traceparent", trace.traceparent);
    if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", "no-store");
    log("info", "request", {
      traceId: trace.traceId,
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      ms: Date.now() - began,
    });
  });

  app.on("ALL", ["/v1/*", "/internal/*", "/play/*", "/.well-known/*"], async (c, next) => {
    const config = configOf(c.env);
    c.set("config", config);
    c.set("db", connect(config));
    await next();
  });
  app.use("/v1/*", limitBody(MIB));
  // Reports of long files list many segments.
  app.use("/internal/*", limitBody(8 * MIB));
  app.on("ALL", ["/v1/me", "/v1/events", "/v1/videos", "/v1/videos/*", "/v1/admin/*"], requireUser);
  app.use("/v1/admin/*", requireAdmin);

  mountHealth(app);
  mountAccounts(app);
  mountVideos(app);
  mountTasks(app);
  mountPlayback(app);
  return app;
}
