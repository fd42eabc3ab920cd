/** Routes for health (the Worker runs) and readiness (everything that it needs is available). */
import type { App } from "../app-env.ts";
import { log, reasonOf } from "../observe/log.ts";
import { checkReadiness } from "../readiness/check.ts";
import { startClock } from "../sweeps/clock.ts";

/** Mounts `/healthz`, which checks nothing, and `/readyz`, which checks every part and starts the clock. */
export function mountHealth(app: App): void {
  app.get("/healthz", (c) => c.json({ status: "ok" }, 200, { "cache-control": "no-store" }));

  app.get("/readyz", async (c) => {
    const { ready, ...found } = await checkReadiness(c.env);
    // After a restart of plain workerd this is the first call that starts the clock.
    if (found.parts.configuration?.ok) {
      await startClock(c.env).catch((error: unknown) =>
        log("error", "the sweeps' clock was not started", {
          traceId: c.get("traceId"),
          reason: reasonOf(error),
        }),
      );
    }
    const status = ready ? "ready" : "not_ready";
    return c.json({ status, ...found }, ready ? 200 : 503, { "cache-control": "no-store" });
  });
}
