/** The worker's own small HTTP server: health checks for a supervisor, metrics for Prometheus. */
import { type ServerType, serve } from "@hono/node-server";
import { Hono } from "hono";
import type { Metrics } from "./metrics.ts";

/** Listens on `host:port`; `/healthz` is 200 while `standing()` is true, else 503. */
export function serveHealth(options: {
  host: string;
  port: number;
  metrics: Metrics;
  standing: () => boolean;
}): ServerType {
  const app = new Hono();
  app.get("/healthz", (c) => {
    const ok = options.standing();
    return c.json({ ok, broker: ok ? "connected" : "not connected" }, ok ? 200 : 503);
  });
  app.get("/metrics", async (c) => {
    c.header("content-type", options.metrics.registry.contentType);
    return c.body(await options.metrics.registry.metrics());
  });
  return serve({ fetch: app.fetch, hostname: options.host, port: options.port });
}
