/**
 * Measures the API: each kind of read beside a route that does nothing, on one workerd as `npm start` runs
 * it, with concurrent clients.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { z } from "zod";
import { crowded, type Disturbed } from "./api/crowded.ts";
import { load } from "./api/load.ts";
import { type Shares, startProfiled } from "./api/profile.ts";
import { type Measured, reportOf } from "./api/report.ts";
import { ROUTES, type RouteName, Stage } from "./api/stage.ts";
import { describeMachine } from "./transcode/machine.ts";
import { RESULTS } from "./transcode/source.ts";

const count = z.coerce.number().int().min(1).max(500);
const given = z.object({ rounds: count, seconds: count, clients: count, crowd: z.boolean() });
type Options = z.infer<typeof given>;

function counted(text: string): number {
  const read = count.safeParse(text);
  if (!read.success) throw new InvalidArgumentError(read.error.issues[0]?.message ?? "");
  return read.data;
}

function optionsFrom(args: readonly string[]): Options {
  const command = new Command("npm run bench api --")
    .option("--rounds <count>", "how often each route is measured", counted, 5)
    .option("--seconds <count>", "how long each time", counted, 4)
    .option("--clients <count>", "connections that ask at a time, an account each", counted, 16)
    .option("--no-crowd", "leaves out the reads beside sign-ins and live streams")
    .parse(args, { from: "user" });
  return given.parse(command.opts());
}

/** Loads one route for some seconds and measures what it cost each process. */
async function measure(stage: Stage, route: RouteName, seconds: number): Promise<Measured> {
  const asks = await stage.asks(route);
  // Warm up: caches fill and code is compiled, which must not be measured.
  await load(stage.url, asks, 0.5);
  const [before, own] = [await stage.cpu(), process.cpuUsage()];
  const { requests, bytes, times, seconds: took } = await load(stage.url, asks, seconds);
  const [after, client] = [await stage.cpu(), process.cpuUsage(own)];
  const perRequest = (used: number) => (1000 * used) / requests;
  return {
    route,
    perSecond: requests / took,
    bytes,
    times,
    cpu: {
      workerd: perRequest(after.workerd - before.workerd),
      "sql-endpoint": perRequest(after["sql-endpoint"] - before["sql-endpoint"]),
      postgres: perRequest(after.postgres - before.postgres),
      client: perRequest((client.user + client.system) / 1e6),
    },
  };
}

async function profile(stage: Stage): Promise<Partial<Record<RouteName, Shares>>> {
  await using profiled = await startProfiled(stage.folder);
  const found: Partial<Record<RouteName, Shares>> = {};
  for (const { name } of ROUTES) found[name] = await profiled.of(await stage.asks(name));
  return found;
}

/** Runs all rounds and prints the report, which is also written to `bench/results`. */
export default async function run(args: readonly string[] = []): Promise<void> {
  const { rounds, seconds, clients, crowd } = optionsFrom(args);
  const machine = await describeMachine();
  await using stage = await Stage.start(clients);
  if ((await stage.shown()) < 24) throw new Error("the list does not show the videos");
  const measured: Measured[] = [];
  // Alternate the routes, so that a machine that slows down does so for all.
  for (let round = 0; round < rounds; round += 1)
    for (const { name } of ROUTES) measured.push(await measure(stage, name, seconds));
  const profiles = await profile(stage);
  const disturbed: Disturbed | null = crowd ? await crowded(stage, rounds) : null;
  const report = reportOf({ machine, clients, rounds, seconds, measured, profiles, disturbed });
  await mkdir(RESULTS, { recursive: true });
  await writeFile(join(RESULTS, "api.md"), `${report}\n`);
  process.stdout.write(`\n${report}\n${relative(process.cwd(), RESULTS)}/api.md\n`);
}
