/** Routes that tell what accounts stored, encoded and played. */
import { publicRoutes } from "@storagex/contract/routes/public";
import type { App } from "../app-env.ts";
import { userOf } from "../http/principal.ts";
import { listUsage, readUsage } from "../quota/usage.ts";

/** Mounts `/v1/usage` and `/v1/admin/usage`. */
export function mountUsage(app: App): void {
  app.openapi(publicRoutes.usage, async (c) =>
    c.json(await readUsage(c.get("db"), userOf(c).userId, c.req.valid("query"), Date.now()), 200),
  );
  app.openapi(publicRoutes.adminUsage, async (c) =>
    c.json(await listUsage(c.get("db"), c.req.valid("query"), Date.now()), 200),
  );
}
