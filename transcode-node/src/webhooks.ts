/**
 * Entry point of the webhook sender: takes deliveries from the broker and sends them to the endpoints of their
 * owners. It knows no database and no secret of an endpoint: the API signs.
 */

import { serve } from "@hono/node-server";
import { readAllowList } from "@storagex/contract/net/addresses";
import { Hono } from "hono";
import { readSenderConfig } from "./config.ts";
import { makeLog } from "./observe/log.ts";
import { stopOnSignals } from "./service/stop.ts";
import { makeSenderApi } from "./webhooks/api.ts";
import { startSender } from "./webhooks/start.ts";

const config = readSenderConfig();
const log = makeLog("webhooks", config.LOG_LEVEL);
const api = makeSenderApi({ baseUrl: config.EDGE_API_URL, credential: config.WEBHOOKS_CREDENTIAL });
const sender = startSender(config.AMQP_URL, {
  api,
  allow: readAllowList(config.STORAGEX_WEBHOOK_ALLOW ?? ""),
  log,
});

const app = new Hono();
app.get("/healthz", (c) => {
  const ok = sender.standing();
  return c.json({ ok, broker: ok ? "connected" : "not connected" }, ok ? 200 : 503);
});
serve({ fetch: app.fetch, hostname: config.WEBHOOKS_HEALTH_HOST, port: config.WEBHOOKS_HEALTH_PORT });
stopOnSignals(sender, log);
