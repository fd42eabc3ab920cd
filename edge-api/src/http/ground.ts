/** What every request gets before its door, and every answer after: trace, time after the answer, safe headers, a log line. */
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../app-env.ts";
import { configOf, type Env } from "../config.ts";
import { connect } from "../db/connect.ts";
import { isApiPath } from "./doors.ts";
import { log, reasonOf } from "./log.ts";
import { harden } from "./security.ts";
import { traceOf } from "./trace.ts";

/** For all requests. */
export const ground = createMiddleware<AppEnv>(async (c, next) => {
  const began = Date.now();
  const { traceId, traceparent } = traceOf(c.req.header("traceparent"));
  c.set("traceId", traceId);
  c.set("traceparent", traceparent);
  c.set("waitUntil", (work) =>
    c.executionCtx.waitUntil(
      work.catch((error: unknown) =>
        log("error", "work after the answer failed", { traceId, reason: reasonOf(error) }),
      ),
    ),
  );
  await next();
  const { headers, status } = c.res;
  harden(headers, isSecure(c.env));
  if (!isApiPath(c.req.path)) return;
  headers.set("traceparent", traceparent);
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  log("info", "request", {
    traceId,
    method: c.req.method,
    path: c.req.path,
    status,
    ms: Date.now() - began,
  });
});

/** For requests that need the configuration. Throws `SettingsError`, which the error door answers. */
export const configured = createMiddleware<AppEnv>(async (c, next) => {
  const config = configOf(c.env);
  c.set("config", config);
  c.set("db", connect(config));
  await next();
});

/** Whether the public URL is https; false while it is not configured. */
function isSecure(env: Env): boolean {
  try {
    return configOf(env).secureCookies;
  } catch {
    return false;
  }
}
