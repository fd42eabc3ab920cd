/** The service that fetches imports: asks the API for work, and stores what it fetches by URLs that the API signs. */
import { inClone } from "../paths.ts";
import { answersHttp } from "../supervise/probe.ts";
import { nodeService } from "./node-service.ts";
import type { Service } from "./service.ts";

export type ImportsSettings = {
  edgeApiUrl: string;
  /** `id.secret` */
  credential: string;
  /** Hosts and networks that are not public and may be fetched from. */
  allow: string;
  healthPort: number;
  logLevel: string;
};

/** It is ready when the API answers it. */
export function importsService(settings: ImportsSettings): Service {
  return nodeService({
    name: "imports",
    entry: inClone("transcode-node", "src", "imports.ts"),
    env: {
      EDGE_API_URL: settings.edgeApiUrl,
      IMPORTS_CREDENTIAL: settings.credential,
      STORAGEX_IMPORT_ALLOW: settings.allow,
      IMPORTS_HEALTH_PORT: String(settings.healthPort),
      LOG_LEVEL: settings.logLevel,
    },
    isReady: () => answersHttp(`http://127.0.0.1:${settings.healthPort}/healthz`),
    readyWithinMs: 30_000,
    stopWithinMs: 3_000,
  });
}
