/** The bridge service: takes the edge API's signed tasks over HTTP and publishes them to RabbitMQ. */

import { inClone } from "../paths.ts";
import { answersHttp } from "../supervise/probe.ts";
import { nodeService, WITH_BROKER_MS } from "./node-service.ts";
import type { Service } from "./service.ts";

export type BridgeSettings = { port: number; amqpUrl: string; verifyKeys: string; logLevel: string };

/** The URL that the Worker sends tasks to. */
export function bridgeUrlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** The bridge service; it is ready when it is connected to the broker. */
export function bridgeService({ port, amqpUrl, verifyKeys, logLevel }: BridgeSettings): Service {
  return nodeService({
    name: "bridge",
    entry: inClone("transcode-node", "src", "bridge.ts"),
    env: {
      AMQP_URL: amqpUrl,
      BRIDGE_HOST: "127.0.0.1",
      BRIDGE_PORT: String(port),
      BRIDGE_VERIFY_KEYS: verifyKeys,
      LOG_LEVEL: logLevel,
    },
    isReady: () => answersHttp(`${bridgeUrlOf(port)}/healthz`),
    readyWithinMs: WITH_BROKER_MS,
    stopWithinMs: 1_500,
  });
}
