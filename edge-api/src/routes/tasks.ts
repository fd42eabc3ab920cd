/** Routes for workers: claim, progress, succeed, fail, dead, hello. */
import { internalRoutes } from "@storagex/contract/routes/internal";
import type { App } from "../app-env.ts";
import { edgeOf } from "../context.ts";
import { succeedTask } from "../results/succeed.ts";
import { startClock } from "../sweeps/clock.ts";
import { claimTask } from "../tasks/claim.ts";
import { endDeadLetter, failTask } from "../tasks/fail.ts";
import { noteWorker } from "../tasks/live-workers.ts";
import { neighboursOf } from "../tasks/neighbours.ts";
import { reportProgress } from "../tasks/progress.ts";

export function mountTasks(app: App): void {
  app.openapi(internalRoutes.hello, async (c) => {
    const hello = c.req.valid("json");
    const draining = await noteWorker(edgeOf(c), hello);
    c.get("waitUntil")(startClock(c.env));
    return hello.about ? c.json({ draining }, 200) : c.body(null, 204);
  });
  app.openapi(internalRoutes.neighbours, async (c) =>
    c.json(await neighboursOf(edgeOf(c), c.req.valid("json")), 200),
  );
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
    await endDeadLetter(edgeOf(c), c.req.valid("param").taskId, c.req.valid("json"));
    return c.body(null, 204);
  });
}
