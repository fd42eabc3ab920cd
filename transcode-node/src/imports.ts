/**
 * Entry point of the importer: fetches the sources of imports from their addresses and stores them in parts. It
 * knows no database and no key of the object store: the API signs a URL for each part.
 */

import { serve } from "@hono/node-server";
import { readAllowList } from "@storagex/contract/net/addresses";
import { Hono } from "hono";
import { readImporterConfig } from "./config.ts";
import { makeImporterApi } from "./imports/api.ts";
import { realClock } from "./imports/pace.ts";
import { startImporter } from "./imports/start.ts";
import { makeLog } from "./observe/log.ts";
import { stopOnSignals } from "./service/stop.ts";

const config = readImporterConfig();
const log = makeLog("imports", config.LOG_LEVEL);
const importer = startImporter({
  api: makeImporterApi({ baseUrl: config.EDGE_API_URL, credential: config.IMPORTS_CREDENTIAL }),
  allow: readAllowList(config.STORAGEX_IMPORT_ALLOW ?? ""),
  clock: realClock,
  log,
});

const app = new Hono();
app.get("/healthz", (c) => {
  const ok = importer.standing();
  return c.json({ ok, api: ok ? "answers" : "no answer" }, ok ? 200 : 503);
});
serve({ fetch: app.fetch, hostname: config.IMPORTS_HEALTH_HOST, port: config.IMPORTS_HEALTH_PORT });
stopOnSignals(importer, log);
