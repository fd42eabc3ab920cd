/** Compares the product with bare FFmpeg: what the pipeline, chunks, the first frame and remuxing cost. */
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import type { Plan } from "@storagex/contract/tasks/plan";
import { Command, InvalidArgumentError } from "commander";
import { z } from "zod";
import { slotsHere } from "../transcode-node/src/config.ts";
import { figuresOf } from "./transcode/figures.ts";
import { describeMachine, type Machine } from "./transcode/machine.ts";
import { model, partsOf } from "./transcode/model.ts";
import { plotOf } from "./transcode/plot.ts";
import { profilesOf } from "./transcode/profile.ts";
import type { Results } from "./transcode/results.ts";
import { MEASUREMENTS, type Options, type Round, runRounds } from "./transcode/rounds.ts";
import { simulated } from "./transcode/simulate.ts";
import { RESULTS } from "./transcode/source.ts";
import { reportOf } from "./transcode/table.ts";

const letters = z.array(z.enum(MEASUREMENTS)).min(1);
const seconds = z.coerce.number().int().min(10).max(7200);
const count = z.coerce.number().int().min(1).max(20);

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value);
  if (!read.success) throw new InvalidArgumentError(read.error.issues[0]?.message ?? "");
  return read.data;
}

const given = z.object({
  only: letters,
  rounds: count,
  slots: count,
  short: z.boolean(),
  seconds: seconds.optional(),
});

function optionsFrom(args: readonly string[]): Options {
  const command = new Command("npm run bench transcode --")
    .option("--only <letters>", "some of a,b,c,d,e,f,g,h", (text) => parsed(letters, text.split(",")), [
      ...MEASUREMENTS,
    ])
    .option("--rounds <count>", "how often each is measured", (text) => parsed(count, text), 3)
    .option(
      "--slots <count>",
      "tasks that a worker does at a time",
      (text) => parsed(count, text),
      slotsHere(),
    )
    .option("--seconds <count>", "length of the source of a, b, c, f, g and h", (text) =>
      parsed(seconds, text),
    )
    .option("--short", "small sources: tries the measurement, says nothing", false)
    .parse(args, { from: "user" });
  const { short, ...rest } = given.parse(command.opts());
  const lengths = short
    ? { seconds: 20, shortSeconds: 10, longSeconds: 60, phoneSeconds: 4 }
    : { seconds: 300, shortSeconds: 10, longSeconds: 600, phoneSeconds: 10 };
  return { ...rest, ...lengths, seconds: rest.seconds ?? lengths.seconds };
}

/** Everything derived from the rounds so far. */
function resultsOf(machine: Machine, options: Options, rounds: readonly Round[], plan: Plan): Results {
  const parts = partsOf(rounds);
  const modelled = (title: string, seconds: number) =>
    parts ? [{ title, seconds, walls: model(seconds, options.slots, plan, parts) }] : [];
  return {
    at: new Date().toISOString(),
    machine,
    options,
    rungs: plan.rungs.map(({ name }) => name),
    figures: figuresOf(rounds, options, plan.rungs.length),
    profiles: profilesOf(rounds),
    parts,
    models: [...modelled(`${options.seconds} s`, options.seconds), ...modelled("1 h", 3600)],
    simulated: parts
      ? simulated({ cores: availableParallelism(), slots: options.slots, parts, rate: plan.grid.rate })
      : [],
    rounds: [...rounds],
  };
}

/**
 * Runs all rounds and prints the report. The report, the raw numbers and a plot are written to
 * `bench/results` after each round.
 */
export default async function run(args: readonly string[] = []): Promise<void> {
  const options = optionsFrom(args);
  const machine = await describeMachine();
  let report = "";
  await runRounds(options, async (rounds, plan) => {
    const results = resultsOf(machine, options, rounds, plan);
    report = reportOf(results);
    await writeFile(join(RESULTS, "transcode.md"), `${report}\n`);
    await writeFile(join(RESULTS, "transcode.json"), `${JSON.stringify(results, null, 1)}\n`);
    await writeFile(join(RESULTS, "transcode.svg"), plotOf(results));
  });
  process.stdout.write(`\n${report}\n${relative(process.cwd(), RESULTS)}/transcode.{md,json,svg}\n`);
}
