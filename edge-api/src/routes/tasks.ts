/** The workers' door: claim, progress, succeed, fail, dead, hello. */
import { internalRoutes } from "@storagex/contract/routes/internal";
import type { App } from "../app-env.ts";
import { edgeOf } from "../edge.ts";
import { claimTask } from "../lifecycle/claim.ts";
import { buryTask, failTask } from "../lifecycle/fail.ts";
import { noteWorker } from "../lifecycle/hello.ts";
import { reportProgress } from "../lifecycle/progress.ts";
import { succeedTask } from "../lifecycle/succeed.ts";
import { windClock } from "../sweeps/clock.ts";

export function mountTasks(app: App): void {
  app.openapi(internalRoutes.hello, async (c) => {
    await noteWorker(edgeOf(c), c.req.valid("json"));
    c.get("waitUntil")(windClock(c.env));
    return c.body(null, 204);
  });
  app.openapi(internalRoutes.claim, async (c) =>
    c.json(await claimTask(edgeOf(c), c.req.valid("param").taskId, c.req.valid("json")), 200),
  );
  app.openapi(internalRoutes.progress, async (c) =>
    c.json(await reportProgress(edgeOf(c), c.req.valid("param").taskId, c.req.valid("json")), 200),
  );
  app.openapi(internalRoutes.succeed, async (c) =>
    c.json(await succeedTask(edgeOf(c), c.req.valid("param").taskId, c.req.valid("json")), 200),
  );
  app.openapi(internalRoutes.fail, async (c) =>
    c.json(await failTask(edgeOf(c), c.req.valid("param").taskId, c.req.valid("json")), 200),
  );
  app.openapi(internalRoutes.dead, async (c) => {
    await buryTask(edgeOf(c), c.req.valid("param").taskId, c.req.valid("json"));
    return c.body(null, 204);
  });
}
