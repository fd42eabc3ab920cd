/**
 * Measures what an audience costs the database: many simulated viewers on one video and on a thousand, and how many
 * statements PostgreSQL executes for them. The viewers' own process is told apart.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { z } from "zod";
import { percentile } from "./api/load.ts";
import { openStage, type Spent, type Stage } from "./audience/stage.ts";
import { type Order, type Sent, sentSchema } from "./audience/viewers.ts";
import { describeMachine } from "./transcode/machine.ts";
import { RESULTS } from "./transcode/source.ts";

const VIDEOS = 1_000;
/** Statements a second for all viewers together. */
const LIMIT = 10;
/** All viewers have begun, and their videos were written once. */
const WARM_SECONDS = 35;
/** What was reported last is written by then. */
const REST_SECONDS = 35;

const count = z.coerce.number().int().min(1).max(100_000);
const given = z.object({ viewers: count, seconds: count });

function counted(text: string): number {
  const read = count.safeParse(text);
  if (!read.success) throw new InvalidArgumentError(read.error.issues[0]?.message ?? "");
  return read.data;
}

type Measured = { name: string; seconds: number; spent: Spent; sent: Sent | null; views: number };

const minus = (after: Spent, before: Spent): Spent => ({
  audience: after.audience - before.audience,
  others: after.others - before.others,
  cpu: {
    workerd: after.cpu.workerd - before.cpu.workerd,
    "sql-endpoint": after.cpu["sql-endpoint"] - before.cpu["sql-endpoint"],
    postgres: after.cpu.postgres - before.cpu.postgres,
  },
});

async function ask(viewers: ChildProcess): Promise<Sent> {
  const answer = once(viewers, "message");
  viewers.send("count");
  const [sent] = await answer;
  return sentSchema.parse(sent);
}

/** Nobody watches: what the stack does by itself. */
async function measureIdle(stage: Stage, seconds: number): Promise<Measured> {
  const before = await stage.spent();
  await sleep(seconds * 1_000);
  const spent = minus(await stage.spent(), before);
  return { name: "nobody", seconds, spent, sent: null, views: await stage.views() };
}

async function measure(stage: Stage, name: string, order: Order): Promise<Measured> {
  const seen = await stage.views();
  const viewers = fork(new URL("./audience/viewers.ts", import.meta.url));
  try {
    viewers.send({ ...order, seconds: order.seconds + WARM_SECONDS });
    await sleep(WARM_SECONDS * 1_000);
    await ask(viewers);
    const [before, from] = [await stage.spent(), performance.now()];
    await sleep(order.seconds * 1_000);
    const spent = minus(await stage.spent(), before);
    const seconds = (performance.now() - from) / 1_000;
    const sent = await ask(viewers);
    await sleep(REST_SECONDS * 1_000);
    return { name, seconds, spent, sent, views: (await stage.views()) - seen };
  } finally {
    viewers.kill();
  }
}

function rowOf({ name, seconds, spent, sent, views }: Measured): string {
  const each = (value: number) => (value / seconds).toFixed(1);
  const cores = (value: number) => (value / seconds).toFixed(2);
  const times = sent ? [0.5, 0.95].map((share) => percentile(sent.times, share).toFixed(0)).join(" / ") : "–";
  const { workerd, "sql-endpoint": endpoint, postgres } = spent.cpu;
  const cells = [
    ...[
      name,
      sent ? each(sent.sent) : "0",
      sent?.refused ?? 0,
      times,
      each(spent.audience),
      each(spent.others),
    ],
    ...[cores(workerd), cores(endpoint), cores(postgres), sent ? cores(sent.cpuSeconds) : "–", views],
  ];
  return `| ${cells.join(" | ")} |`;
}

/** Prints the table, which is also written to `bench/results`. */
export default async function run(args: readonly string[] = []): Promise<void> {
  const command = new Command("npm run bench audience --")
    .option("--viewers <count>", "who watch at a time", counted, 10_000)
    .option("--seconds <count>", "how long each is measured; writes come every 30 s", counted, 90)
    .parse(args, { from: "user" });
  const { viewers, seconds } = given.parse(command.opts());
  const machine = await describeMachine();
  await using stage = await openStage(VIDEOS);
  const [first = ""] = stage.reports;
  const measured = [
    await measureIdle(stage, Math.min(seconds, 30)),
    await measure(stage, "one video", { viewers, reports: [first], seconds }),
    await measure(stage, `${VIDEOS} videos`, { viewers, reports: [...stage.reports], seconds }),
  ];
  const verdict = (each: Measured) =>
    (each.spent.audience + each.spent.others) / each.seconds <= LIMIT ? "reached" : "**missed**";
  const lines = [
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}; cores in use by others before: ${Math.round(100 * machine.busy)} %.`,
    `${viewers} viewers, a report of each every 10 s, ${seconds} s. Statements as PostgreSQL counts them (pg_stat_statements), all a second; at most ${LIMIT}: ${measured.slice(1).map(verdict).join(", ")}.`,
    "",
    "| viewers on | reports/s | refused | ms p50 / p95 | statements/s of the audience | all others/s | cores: workerd | sql-endpoint | postgres | the viewers | views counted |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ...measured.map(rowOf),
  ];
  await mkdir(RESULTS, { recursive: true });
  await writeFile(join(RESULTS, "audience.md"), `${lines.join("\n")}\n`);
  process.stdout.write(`\n${lines.join("\n")}\n${relative(process.cwd(), RESULTS)}/audience.md\n`);
}
