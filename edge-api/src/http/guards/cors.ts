/** Scripts of other sites that the operator lists may call the API with a token, never with our cookies. */
import { UNLOCK_HEADER } from "@storagex/contract/sharing";
import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../../app-env.ts";

const forListed = cors({
  // Called for listed origins only.
  origin: (origin) => origin,
  allowMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
  allowHeaders: [
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "traceparent",
    UNLOCK_HEADER,
  ],
  exposeHeaders: [
    "ETag",
    "Idempotency-Replayed",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "traceparent",
  ],
  maxAge: 7_200,
});

/** Any other origin gets no CORS header, so its browser withholds the answer. */
export const allowOrigins = createMiddleware<AppEnv>(async (c, next) => {
  const listed = c.get("config").STORAGEX_API_ORIGINS ?? [];
  if (listed.length === 0) return next();
  if (listed.includes(c.req.header("origin") ?? "")) return forListed(c, next);
  await next();
  c.res.headers.append("vary", "Origin");
});
