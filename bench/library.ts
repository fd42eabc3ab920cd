/**
 * Measures lists and searches in the database: a library of a thousand videos beside a large one, statement
 * by statement.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import pg from "pg";
import { z } from "zod";
import { FREQUENT, fillLibrary, RARE } from "../edge-api/tests/library-rows.ts";
import { inClone } from "../stack/paths.ts";
import { runOneShot } from "../stack/supervise/one-shot.ts";
import { startPostgres } from "../testing/services/start-postgres.ts";
import { type Asked, OWNER, type Recorded, recordOf } from "./library/asks.ts";
import { describeMachine } from "./transcode/machine.ts";
import { RESULTS } from "./transcode/source.ts";

const SMALL = 1_000;
const TIMES = 15;
/**
 * Max growth over the time with a thousand videos, for everything except searches; below `FLOOR_MS` a ratio
 * means nothing.
 */
const MAX_GROWTH = 1.5;
const FLOOR_MS = 1;

const count = z.coerce.number().int().min(1_000).max(10_000_000);
function counted(text: string): number {
  const read = count.safeParse(text);
  if (!read.success) throw new InvalidArgumentError(read.error.issues[0]?.message ?? "");
  return read.data;
}

/** Min videos of the account, and min accounts, so that its lists and searches fill a page. */
const OWN = 200;

/** Medians in milliseconds. */
type Timed = Asked & { small: number; large: number };

type Library = AsyncDisposable & { client: pg.Client; recorded: readonly Recorded[] };

/** A library of `videos` videos in its own PostgreSQL, with the statements to measure. */
async function openLibrary(videos: number): Promise<Library> {
  const folder = await mkdtemp(join(tmpdir(), "storagex-library-"));
  const postgres = await startPostgres(folder, "copied");
  const client = new pg.Client({ connectionString: postgres.databaseUrl });
  const close = async () => {
    await client.end();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await runOneShot(inClone("edge-api", "ops", "migrate.ts"), [], { DATABASE_URL: postgres.databaseUrl });
    await client.connect();
    await client.query("INSERT INTO users (id, email, password_hash) VALUES ($1, 'owner@example.test', '')", [
      OWNER,
    ]);
    const from = performance.now();
    const own = Math.max(OWN, Math.ceil(videos / 50));
    const users = Math.max(OWN, Math.ceil(videos / 50));
    await fillLibrary(client, { videos, users, ownerId: OWNER, own, withWork: Math.min(videos, 50_000) });
    process.stdout.write(`${videos} videos written in ${Math.round((performance.now() - from) / 1000)} s\n`);
    const recorded = await recordOf(client, { frequent: FREQUENT, rare: RARE });
    return { client, recorded, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Milliseconds that all statements of the request take once. */
async function once({ client, recorded }: Library, ask: number): Promise<number> {
  const from = performance.now();
  for (const { query, params } of recorded[ask]?.statements ?? []) await client.query(query, params);
  return performance.now() - from;
}

const median = (times: number[]): number =>
  times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;

/** Every request in both libraries alternately, so that a machine that slows down does so for both. */
async function timeAll(small: Library, large: Library): Promise<Timed[]> {
  const timed: Timed[] = [];
  for (const [ask, { asked }] of large.recorded.entries()) {
    const times = { small: [] as number[], large: [] as number[] };
    for (let turn = 0; turn <= TIMES; turn += 1) {
      const took = { small: await once(small, ask), large: await once(large, ask) };
      // The first turn fills the caches.
      if (turn === 0) continue;
      times.small.push(took.small);
      times.large.push(took.large);
    }
    timed.push({ ...asked, small: median(times.small), large: median(times.large) });
  }
  return timed;
}

const verdict = ({ maxMs, small, large }: Timed): boolean =>
  maxMs === null ? large <= Math.max(FLOOR_MS, MAX_GROWTH * small) : large <= maxMs;

/** Prints the table, which is also written to `bench/results`. */
export default async function run(args: readonly string[] = []): Promise<void> {
  const command = new Command("npm run bench library --")
    .option("--videos <count>", "rows of the large library", counted, 1_000_000)
    .parse(args, { from: "user" });
  const { videos } = z.object({ videos: count }).parse(command.opts());
  const machine = await describeMachine();
  await using small = await openLibrary(SMALL);
  await using large = await openLibrary(videos);
  const timed = await timeAll(small, large);
  const lines = [
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}; cores in use by others before: ${Math.round(100 * machine.busy)} %.`,
    `Medians of ${TIMES}, both in turns; milliseconds from the client on the same machine, all statements of one call.`,
    "",
    `| call | ${SMALL} videos | ${videos} videos | quotient | at most |  |`,
    "| --- | --- | --- | --- | --- | --- |",
    ...timed.map((each) => {
      const limit = each.maxMs === null ? `${MAX_GROWTH} ×` : `${each.maxMs} ms`;
      const quotient = (each.large / each.small).toFixed(2);
      return `| ${each.name} | ${each.small.toFixed(2)} | ${each.large.toFixed(2)} | ${quotient} | ${limit} | ${verdict(each) ? "reached" : "**missed**"} |`;
    }),
  ];
  await mkdir(RESULTS, { recursive: true });
  await writeFile(join(RESULTS, "library.md"), `${lines.join("\n")}\n`);
  process.stdout.write(`\n${lines.join("\n")}\n${relative(process.cwd(), RESULTS)}/library.md\n`);
}
