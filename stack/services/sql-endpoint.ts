/** The SQL endpoint service: gives the Worker access to any PostgreSQL that is not Neon's. */

import { inClone } from "../paths.ts";
import { answersHttp } from "../supervise/probe.ts";
import { nodeService } from "./node-service.ts";
import type { Service } from "./service.ts";

/** Whether the address is Neon's. Neon speaks this HTTP protocol itself. */
export function isNeon(databaseUrl: string): boolean {
  return /\.neon\.(tech|build)$/.test(new URL(databaseUrl).hostname);
}

/** The URL that the Worker sends its SQL to. */
export function sqlUrlOf(port: number): string {
  return `http://127.0.0.1:${port}/sql`;
}

/** The SQL endpoint service; it is ready when PostgreSQL answers through it. */
export function sqlEndpointService({ port, databaseUrl }: { port: number; databaseUrl: string }): Service {
  return nodeService({
    name: "sql-endpoint",
    entry: inClone("edge-api", "sql-endpoint", "main.ts"),
    env: { DATABASE_URL: databaseUrl, SQL_ENDPOINT_HOST: "127.0.0.1", SQL_ENDPOINT_PORT: String(port) },
    isReady: () => answersHttp(`http://127.0.0.1:${port}/healthz`),
    stopWithinMs: 1_000,
  });
}
