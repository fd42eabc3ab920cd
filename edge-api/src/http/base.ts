/** Middleware of every request: trace, work after the response, headers by kind, and a log line. */
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../app-env.ts";
import { configOf, type Env } from "../config.ts";
import { connect } from "../db/connect.ts";
import { log, loggedPath, reasonOf } from "../observe/log.ts";
import { traceOf } from "../observe/trace.ts";
import { problem } from "../problem/problem.ts";
import { allowReaders, setAnswerHeaders } from "./answers/answer-headers.ts";
import { isApiPath } from "./answers/not-found.ts";
import { setRateHeaders } from "./guards/rates.ts";

/** For all requests. */
export const base = createMiddleware<AppEnv>(async (c, next) => {
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
  // Hono drops the body of a GET's response. Without the cancel its producer would wait forever for a reader.
  if (c.req.method === "HEAD") await c.res.body?.cancel();
  const { headers, status } = c.res;
  setAnswerHeaders(headers, c.get("answers"), isSecure(c.env));
  if (c.get("answers") === "shared") allowReaders(headers, c.get("readers") ?? [], c.req.header("origin"));
  const rate = c.get("rate");
  if (rate) setRateHeaders(headers, rate);
  if (!isApiPath(c.req.path)) return;
  headers.set("traceparent", traceparent);
  log("info", "request", {
    traceId,
    method: c.req.method,
    path: loggedPath(c.req.path),
    status,
    ms: Date.now() - began,
  });
});

/** Refuses an invalid `Host` before anything parses the URL. Throws `request.malformed`. */
export const readableHost = createMiddleware<AppEnv>(async (c, next) => {
  if (!URL.canParse(c.req.url))
    throw problem("request.malformed", { detail: "The Host header is no host name." });
  await next();
});

/** For requests that need the configuration. Throws `SettingsError`, which the error handler answers. */
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
