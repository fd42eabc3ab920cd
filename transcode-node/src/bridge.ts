/** Entry point of the bridge: the only way from edge-api to RabbitMQ. */
import { serve } from "@hono/node-server";
import { makeBridgeApp } from "./bridge/app.ts";
import { openTaskLine } from "./bridge/publisher.ts";
import { readBridgeConfig } from "./config.ts";
import { makeLog } from "./observe/log.ts";

const STOP_WITHIN_MS = 6_000;

const config = readBridgeConfig();
const log = makeLog("bridge", config.LOG_LEVEL);
const line = openTaskLine(config.AMQP_URL, log);
const app = makeBridgeApp({ keys: config.BRIDGE_VERIFY_KEYS, line, log });
const server = serve(
  { fetch: app.fetch, hostname: config.BRIDGE_HOST, port: config.BRIDGE_PORT },
  (address) => log.info({ port: address.port }, "listening"),
);

async function stop(): Promise<void> {
  setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
  // First finish the open requests (a confirm may be about to arrive), then close the broker connection.
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    if ("closeIdleConnections" in server) server.closeIdleConnections();
  });
  await line.close();
  log.info("stopped");
  process.exit(0);
}
process.once("SIGTERM", () => void stop());
process.once("SIGINT", () => void stop());
