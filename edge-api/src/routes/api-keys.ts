/** Routes by which a person makes and revokes API keys. */
import { publicRoutes } from "@storagex/contract/routes/public";
import type { App } from "../app-env.ts";
import { edgeOf } from "../context.ts";
import { personOf } from "../http/principal.ts";
import { createApiKey, deleteApiKey, listApiKeys } from "../identity/api-keys.ts";

export function mountApiKeys(app: App): void {
  app.openapi(publicRoutes.createKey, async (c) =>
    c.json(await createApiKey(edgeOf(c), personOf(c).account, c.req.valid("json")), 201),
  );
  app.openapi(publicRoutes.listKeys, async (c) =>
    c.json({ items: await listApiKeys(edgeOf(c), personOf(c).userId) }, 200),
  );
  app.openapi(publicRoutes.deleteKey, async (c) => {
    await deleteApiKey(edgeOf(c), personOf(c).userId, c.req.valid("param").id);
    return c.body(null, 204);
  });
}
