/**
 * Entry of `npm run admin -- reset-password EMAIL`: runs the edge API's admin tool on this stack's database.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { inherited, readConfig } from "../config.ts";
import { CLONE, inClone } from "../paths.ts";
import { databaseUrlOf } from "../services/postgres.ts";
import { savedPorts } from "../setup/ports.ts";
import { readSecrets } from "../setup/secrets.ts";
import { answersTcp } from "../supervise/probe.ts";

async function databaseUrl(): Promise<string> {
  const config = readConfig(CLONE);
  if (config.DATABASE_URL) return config.DATABASE_URL;
  const secrets = await readSecrets(config.STORAGEX_DATA);
  const port = (await savedPorts(config.STORAGEX_DATA)).postgres;
  if (!secrets || port === undefined || !(await answersTcp("127.0.0.1", port))) {
    throw new Error("StorageX is not running here: start it with `npm start`, then run this again");
  }
  return databaseUrlOf({
    folder: join(config.STORAGEX_DATA, "postgres"),
    port,
    password: secrets.databasePassword,
  });
}

try {
  const child = spawn(process.execPath, [inClone("edge-api", "ops", "admin.ts"), ...process.argv.slice(2)], {
    env: { ...inherited(), DATABASE_URL: await databaseUrl() },
    stdio: "inherit",
  });
  child.once("exit", (code) => {
    process.exitCode = code ?? 1;
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
