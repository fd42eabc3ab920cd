/** A stack without workers whose PostgreSQL counts statements, and a thousand public videos. */
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { shownVideoSchema } from "@storagex/contract/sharing";
import pg from "pg";
import { z } from "zod";
import { expectJson, register } from "../../e2e/testing/account.ts";
import { connections } from "../../e2e/testing/losses.ts";
import { type RunningStack, startStack } from "../../e2e/testing/running-stack.ts";
import { runAlone } from "../../stack/services/postgres.ts";
import { completedVideo } from "../api/rows.ts";
import { treeCpu } from "../transcode/cpu.ts";

/** The header that names a viewer's address: as a proxy would. */
export const ADDRESS_HEADER = "x-real-ip";
const FILM_SECONDS = 300;
const PROCESSES = ["workerd", "sql-endpoint", "postgres"] as const;

/** Statements that PostgreSQL has executed, those of the audience and all others, and CPU seconds by process. */
export type Spent = { audience: number; others: number; cpu: Record<(typeof PROCESSES)[number], number> };

export type Stage = AsyncDisposable & {
  url: string;
  /** Where each video's player reports to. */
  reports: readonly string[];
  spent(): Promise<Spent>;
  /** Views of all videos so far. */
  views(): Promise<number>;
};

const countRow = z.object({ audience: z.coerce.number(), others: z.coerce.number() });

export async function openStage(videos: number): Promise<Stage> {
  const stack = await startStack({
    ...{ STORAGEX_WORKERS: "0", STORAGEX_CLIENT_ADDRESS_HEADER: ADDRESS_HEADER, LOG_LEVEL: "warn" },
    STORAGEX_RATE_PER_MINUTE: "0",
  });
  const opened: pg.Client[] = [];
  const close = async () => {
    for (const client of opened) await client.end().catch(() => undefined);
    await stack.dispose();
  };
  try {
    await countStatements(stack);
    const { databaseUrl } = await connections(stack);
    const open = async (url: string) => {
      const client = new pg.Client({ connectionString: url });
      opened.push(client);
      await client.connect();
      return client;
    };
    const database = await open(databaseUrl);
    const statistics = await open(databaseUrl.replace(/\/storagex$/, "/postgres"));
    const reports = await fill(stack.url, database, videos);
    return {
      url: stack.url,
      reports,
      spent: async () => ({ ...(await statementsOf(statistics)), cpu: await cpuOf(stack) }),
      views: async () => {
        const { rows } = await database.query("SELECT coalesce(sum(views), 0)::int AS views FROM plays");
        return z.object({ views: z.number() }).parse(rows[0]).views;
      },
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The application's role may load nothing: the cluster's superuser does, while the server is stopped. */
async function countStatements(stack: RunningStack): Promise<void> {
  await stack.stop();
  const folder = join(stack.folder, "postgres");
  await appendFile(join(folder, "postgresql.conf"), "\nshared_preload_libraries = 'pg_stat_statements'\n");
  await runAlone(folder, [
    "CREATE EXTENSION pg_stat_statements",
    "GRANT pg_read_all_stats TO storagex",
    "GRANT CONNECT ON DATABASE postgres TO storagex",
  ]);
  await stack.restart();
}

async function fill(url: string, database: pg.Client, videos: number): Promise<string[]> {
  const person = await register(() => url);
  const reports: string[] = [];
  for (let n = 0; n < videos; n += 1) {
    const id = await completedVideo(database, person.user.id, FILM_SECONDS);
    await database.query("UPDATE videos SET visibility = 'public' WHERE id = $1", [id]);
    const shown = await expectJson(await fetch(new URL(`/v1/public/videos/${id}`, url)), 200);
    const { hls } = shownVideoSchema.parse(shown).playback ?? {};
    if (!hls) throw new Error("a public video does not play");
    reports.push(new URL("beat", hls).href);
  }
  await database.query("ANALYZE");
  return reports;
}

async function statementsOf(statistics: pg.Client): Promise<z.infer<typeof countRow>> {
  const { rows } = await statistics.query(`
    SELECT coalesce(sum(calls) FILTER (WHERE is_ours), 0) AS audience, coalesce(sum(calls) FILTER (WHERE NOT is_ours), 0) AS others
    FROM (SELECT calls, query ~ 'INSERT INTO (visits|audience_salts)' AS is_ours FROM pg_stat_statements
      WHERE dbid = (SELECT oid FROM pg_database WHERE datname = 'storagex')) AS each`);
  return countRow.parse(rows[0]);
}

async function cpuOf(stack: RunningStack): Promise<Spent["cpu"]> {
  const [workerd = 0, endpoint = 0, postgres = 0] = await Promise.all(
    PROCESSES.map(async (name) => treeCpu(await stack.pid(name))),
  );
  return { workerd, "sql-endpoint": endpoint, postgres };
}
