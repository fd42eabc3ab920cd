/** A real PostgreSQL for a test. */
import { join } from "node:path";
import { databaseUrlOf, postgresService, preparePostgres, runAlone } from "../../stack/services/postgres.ts";
import { freePort, type Running, runService } from "./run-service.ts";

/** Without waits for the disk, and without what looks after data that lives long: a test's database does not. */
const QUICK = [
  "fsync=off",
  "full_page_writes=off",
  "synchronous_commit=off",
  "autovacuum=off",
  "max_wal_size=4GB",
  "checkpoint_timeout=1h",
].flatMap((setting) => ["-c", setting]);

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
  const service = postgresService(settings);
  if (use === "copied") await runAlone(settings.folder, ["ALTER ROLE storagex CREATEDB"]);
  const running = await runService(
    use === "copied" ? { ...service, command: [...service.command, ...QUICK] } : service,
    join(dir, "log"),
  );
  return { ...running, databaseUrl: databaseUrlOf(settings), port: settings.port };
}
