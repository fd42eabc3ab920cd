/** Routes of imports: the call that begins one, and what the importer asks and reports. */
import { internalRoutes } from "@storagex/contract/routes/internal";
import { publicRoutes } from "@storagex/contract/routes/public";
import type { App } from "../app-env.ts";
import { edgeOf } from "../context.ts";
import { userOf } from "../http/principal.ts";
import { advanceImport } from "../imports/advance.ts";
import { beginImport } from "../imports/begin.ts";
import { claimImport } from "../imports/claim.ts";
import { completeImport } from "../imports/complete.ts";
import { createImport } from "../imports/create.ts";
import { endImport } from "../imports/end.ts";
import { startClock } from "../sweeps/clock.ts";
import { toVideoDetail } from "../videos/view.ts";

export function mountImports(app: App): void {
  app.openapi(publicRoutes.importVideo, async (c) => {
    const row = await createImport(edgeOf(c), userOf(c).account, c.req.valid("json"));
    return c.json(await toVideoDetail(c.get("config"), row), 201);
  });
  app.openapi(internalRoutes.claimImport, async (c) => {
    c.get("waitUntil")(startClock(c.env));
    return c.json(await claimImport(edgeOf(c)), 200);
  });
  app.openapi(internalRoutes.beginImport, async (c) =>
    c.json(await beginImport(edgeOf(c), c.req.valid("param").id, c.req.valid("json")), 200),
  );
  app.openapi(internalRoutes.advanceImport, async (c) =>
    c.json(await advanceImport(edgeOf(c), c.req.valid("param").id, c.req.valid("json")), 200),
  );
  app.openapi(internalRoutes.completeImport, async (c) =>
    c.json(await completeImport(edgeOf(c), c.req.valid("param").id, c.req.valid("json").lease), 200),
  );
  app.openapi(internalRoutes.endImport, async (c) => {
    await endImport(edgeOf(c), c.req.valid("param").id, c.req.valid("json"));
    return c.body(null, 204);
  });
}
