/**
 * Entry of the SQL endpoint, through which the Worker reaches a plain PostgreSQL. Listens on loopback or a
 * private network only.
 */
import { serve } from "@hono/node-server";
import { pino } from "pino";
import { buildApp } from "./app.ts";
import { readConfig } from "./config.ts";
import { openDatabase } from "./database.ts";

const config = readConfig();
const log = pino({ level: config.LOG_LEVEL, name: "sql-endpoint" });
const database = openDatabase(config.DATABASE_URL, config.SQL_ENDPOINT_CONNECTIONS, (error) =>
  log.warn({ reason: error.message }, "an idle connection was lost"),
);
const server = serve(
  {
    fetch: buildApp(database, config.DATABASE_URL, log).fetch,
    hostname: config.SQL_ENDPOINT_HOST,
    port: config.SQL_ENDPOINT_PORT,
  },
  (address) => log.info({ port: address.port }, "listening"),
);

function stop(): void {
  // Running statements may finish. After two seconds they are cut off and PostgreSQL rolls them back.
  setTimeout(() => process.exit(0), 2_000).unref();
  server.close(() => void database.close().then(() => process.exit(0)));
  if ("closeIdleConnections" in server) server.closeIdleConnections();
}
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
