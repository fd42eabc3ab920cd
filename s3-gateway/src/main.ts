/** Entry of the embedded S3 gateway: one node, one disk, for a laptop or a small server. */
import { createServer } from "node:http";
import { pino } from "pino";
import { readConfig } from "./config.ts";
import { createListener } from "./listener.ts";
import { STOP_GRACE_MS } from "./stop-grace.ts";
import { openStore } from "./store/store.ts";

const idleMs = 300_000;
/** How often it logs how far the opening of a large store is. */
const logEveryMs = 2_000;

process.umask(0o077);
const config = readConfig();
const log = pino({ name: "s3", level: config.LOG_LEVEL });
let loggedAt = 0;
const logOpening = (folders: number, of: number): void => {
  if (Date.now() - loggedAt < logEveryMs) return;
  loggedAt = Date.now();
  // `npm start` waits for as long as this is logged (stack/services/s3.ts).
  log.info({ folders, of }, "opening");
};
const store = await openStore(config.S3_DATA, logOpening).catch((error: unknown) => {
  log.fatal(
    { err: error, folder: config.S3_DATA },
    "cannot open the data folder; does another gateway hold it?",
  );
  process.exit(1);
});
const listener = createListener({
  store,
  credentials: {
    accessKeyId: config.S3_ACCESS_KEY_ID,
    secretAccessKey: config.S3_SECRET_ACCESS_KEY,
    region: config.S3_REGION,
  },
  corsOrigin: config.S3_CORS_ORIGIN,
  log,
  clock: Date.now,
});

// On a slow line one part may take longer than Node's five minutes: only silence ends a request.
const server = createServer(
  { requestTimeout: 0, headersTimeout: 30_000, keepAliveTimeout: 75_000 },
  listener,
);
server.on("checkContinue", listener);
server.setTimeout(idleMs);
server.on("error", (error) => {
  log.fatal({ err: error }, "cannot listen");
  process.exit(1);
});
server.listen(config.S3_LISTEN_PORT, config.S3_LISTEN_HOST, () => {
  log.info({ address: server.address() }, "listening");
});

let stopping = false;
function stop(): void {
  if (stopping) return;
  stopping = true;
  log.info("stopping");
  server.close(() => {
    store.close();
    log.info("stopped");
    process.exit(0);
  });
  setInterval(() => server.closeIdleConnections(), 100);
  setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS);
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
