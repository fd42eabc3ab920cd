/** The SQL endpoint in front of a test's PostgreSQL. */
import { join } from "node:path";
import { sqlEndpointService, sqlUrlOf } from "../../stack/services/sql-endpoint.ts";
import { freePort, type Running, runService } from "./run-service.ts";

/** Starts the endpoint in front of `databaseUrl`; `sqlUrl` is what `neonConfig.fetchEndpoint` must return. */
export async function startSqlEndpoint(
  dir: string,
  databaseUrl: string,
): Promise<Running & { sqlUrl: string }> {
  const port = await freePort();
  const running = await runService(sqlEndpointService({ port, databaseUrl }), join(dir, "log"));
  return { ...running, sqlUrl: sqlUrlOf(port) };
}
