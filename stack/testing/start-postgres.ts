/** A real PostgreSQL for a test. */
import { join } from "node:path";
import { databaseUrlOf, postgresPart, preparePostgres } from "../postgres.ts";
import { freePort, type Running, runPart } from "./run-part.ts";

/** Starts PostgreSQL with its data under `dir` (absolute); the database `storagex` is there and empty. */
export async function startPostgres(dir: string): Promise<Running & { databaseUrl: string; port: number }> {
  const settings = { folder: join(dir, "postgres"), port: await freePort(), password: "for a test/only" };
  await preparePostgres(settings);
  const running = await runPart(postgresPart(settings), join(dir, "log"));
  return { ...running, databaseUrl: databaseUrlOf(settings), port: settings.port };
}
