/** Writes how tools on this machine (backups, end-to-end tests) reach the services of a running stack. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Blueprint } from "./setup/blueprint.ts";

/** Writes `connections.json` into the run folder, readable by its owner only: it holds passwords. */
export async function writeConnections(runFolder: string, blueprint: Blueprint): Promise<void> {
  const { databaseUrl, amqpUrl, bucket: s3 } = blueprint;
  const text = `${JSON.stringify({ databaseUrl, amqpUrl, s3 }, null, 2)}\n`;
  await writeFile(join(runFolder, "connections.json"), text, { mode: 0o600 });
}
