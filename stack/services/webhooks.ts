/** The service that sends webhooks: takes deliveries from the broker and claims them at the API. */
import { inClone } from "../paths.ts";
import { answersHttp } from "../supervise/probe.ts";
import { nodeService, WITH_BROKER_MS } from "./node-service.ts";
import type { Service } from "./service.ts";

export type WebhooksSettings = {
  amqpUrl: string;
  edgeApiUrl: string;
  /** `id.secret` */
  credential: string;
  /** Hosts and networks that are not public and may be sent to. */
  allow: string;
  healthPort: number;
  logLevel: string;
};

/** It is ready when it is connected to the broker. */
export function webhooksService(settings: WebhooksSettings): Service {
  return nodeService({
    name: "webhooks",
    entry: inClone("transcode-node", "src", "webhooks.ts"),
    env: {
      AMQP_URL: settings.amqpUrl,
      EDGE_API_URL: settings.edgeApiUrl,
      WEBHOOKS_CREDENTIAL: settings.credential,
      STORAGEX_WEBHOOK_ALLOW: settings.allow,
      WEBHOOKS_HEALTH_PORT: String(settings.healthPort),
      LOG_LEVEL: settings.logLevel,
    },
    isReady: () => answersHttp(`http://127.0.0.1:${settings.healthPort}/healthz`),
    readyWithinMs: WITH_BROKER_MS,
    stopWithinMs: 3_000,
  });
}
