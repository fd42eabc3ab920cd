/** Whether the Worker lives, and whether all that it needs is there. */
import type { App } from "../app-env.ts";

/** Mounts `/healthz`, which asks nothing. */
export function mountHealth(app: App): void {
  app.get("/healthz", (c) => c.json({ status: "ok" }));
}
