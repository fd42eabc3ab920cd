/** Routes by which administrators see and steer the installation: queue, workers, failures. */
import { publicRoutes } from "@storagex/contract/routes/public";
import type { App } from "../app-env.ts";
import { edgeOf } from "../context.ts";
import { listFailures, retryFailures } from "../operators/failures.ts";
import { readQueue } from "../operators/queue.ts";
import { drainWorker, listWorkers } from "../operators/workers.ts";

/** Mounts `/v1/admin/queue`, `/v1/admin/workers` and `/v1/admin/failures`. */
export function mountOperators(app: App): void {
  app.openapi(publicRoutes.adminQueue, async (c) => c.json(await readQueue(edgeOf(c)), 200));
  app.openapi(publicRoutes.adminWorkers, async (c) => c.json(await listWorkers(edgeOf(c)), 200));
  app.openapi(publicRoutes.drainWorker, async (c) =>
    c.json(await drainWorker(edgeOf(c), c.req.valid("param").name, true), 200),
  );
  app.openapi(publicRoutes.resumeWorker, async (c) =>
    c.json(await drainWorker(edgeOf(c), c.req.valid("param").name, false), 200),
  );
  app.openapi(publicRoutes.adminFailures, async (c) =>
    c.json(await listFailures(edgeOf(c), c.req.valid("query")), 200),
  );
  app.openapi(publicRoutes.retryFailures, async (c) =>
    c.json(await retryFailures(edgeOf(c), c.req.valid("json")), 202),
  );
}
