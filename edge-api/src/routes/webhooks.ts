/** Routes of webhooks: for their owners, and for the service that sends them. */
import { internalRoutes } from "@storagex/contract/routes/internal";
import { publicRoutes } from "@storagex/contract/routes/public";
import type { App } from "../app-env.ts";
import { edgeOf } from "../context.ts";
import { userOf } from "../http/principal.ts";
import { listDeliveries, redeliver, testWebhook } from "../webhooks/deliveries.ts";
import {
  createWebhook,
  deleteWebhook,
  listWebhooks,
  readWebhook,
  rotateWebhook,
  updateWebhook,
} from "../webhooks/endpoints.ts";
import { claimDelivery, reportDelivery } from "../webhooks/send.ts";

export function mountWebhooks(app: App): void {
  app.openapi(publicRoutes.createWebhook, async (c) =>
    c.json(await createWebhook(edgeOf(c), userOf(c).userId, c.req.valid("json")), 201),
  );
  app.openapi(publicRoutes.listWebhooks, async (c) =>
    c.json({ items: await listWebhooks(edgeOf(c), userOf(c).userId) }, 200),
  );
  app.openapi(publicRoutes.getWebhook, async (c) =>
    c.json(await readWebhook(edgeOf(c), userOf(c).userId, c.req.valid("param").id), 200),
  );
  app.openapi(publicRoutes.updateWebhook, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(await updateWebhook(edgeOf(c), userOf(c).userId, id, c.req.valid("json")), 200);
  });
  app.openapi(publicRoutes.deleteWebhook, async (c) => {
    await deleteWebhook(edgeOf(c), userOf(c).userId, c.req.valid("param").id);
    return c.body(null, 204);
  });
  app.openapi(publicRoutes.rotateWebhook, async (c) =>
    c.json({ secret: await rotateWebhook(edgeOf(c), userOf(c).userId, c.req.valid("param").id) }, 200),
  );
  app.openapi(publicRoutes.testWebhook, async (c) =>
    c.json({ deliveryId: await testWebhook(edgeOf(c), userOf(c).userId, c.req.valid("param").id) }, 202),
  );
  app.openapi(publicRoutes.listDeliveries, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(await listDeliveries(edgeOf(c), userOf(c).userId, id, c.req.valid("query")), 200);
  });
  app.openapi(publicRoutes.redeliver, async (c) => {
    const { id, deliveryId } = c.req.valid("param");
    return c.json({ deliveryId: await redeliver(edgeOf(c), userOf(c).userId, id, deliveryId) }, 202);
  });

  app.openapi(internalRoutes.claimDelivery, async (c) =>
    c.json(await claimDelivery(edgeOf(c), c.req.valid("param").deliveryId, c.req.valid("json").lease), 200),
  );
  app.openapi(internalRoutes.reportDelivery, async (c) => {
    await reportDelivery(edgeOf(c), c.req.valid("param").deliveryId, c.req.valid("json"));
    return c.body(null, 204);
  });
}
