/** A real PostgreSQL for a test. */
import { join } from "node:path";
import { databaseUrlOf, postgresPart, preparePostgres, runAlone } from "../../stack/services/postgres.ts";
import { freePort, type Running, runPart } from "./run-service.ts";

/**
 * Starts PostgreSQL with its data under `dir` (absolute) and the empty database `storagex`. Where its
 * databases are to be `copied`, its user may create databases, and it does not wait for the disk.
 */
export async function startPostgres(
  dir: string,
  use: "alone" | "copied" = "alone",
): Promise<Running & { databaseUrl: string; port: number }> {
  const settings = { folder: join(dir, "postgres"), port: await freePort(), password: "for a test/only" };
  await preparePostgres(settings);
  const part = postgresPart(settings);
  if (use === "copied") await runAlone(settings.folder, ["ALTER ROLE storagex CREATEDB"]);
  const running = await runPart(
    use === "copied" ? { ...part, command: [...part.command, "-c", "fsync=off"] } : part,
    join(dir, "log"),
  );
  return { ...running, databaseUrl: databaseUrlOf(settings), port: settings.port };
}
