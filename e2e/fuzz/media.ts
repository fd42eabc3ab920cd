/**
 * Fuzzing with damaged sources: thousands through probe and plan, hundreds through the whole path of a
 * running product.
 */
import { Command } from "commander";
import { z } from "zod";
import { type Store, startStore } from "../../transcode-node/src/testing/store.ts";
import { register } from "../testing/account.ts";
import { type Stack, startStack } from "../testing/running-stack.ts";
import type { Stage } from "../testing/whole-path.ts";
import { type Whole, wholeFiles } from "./media/inputs.ts";
import { spoilt } from "./media/mutate.ts";
import { randomFrom } from "./media/random.ts";
import { restarted } from "./media/restarted.ts";
import { type Outcome, planned } from "./media/through.ts";
import { whole as throughWhole } from "./media/whole.ts";
import { wholeNumber } from "./options.ts";

export type FuzzOptions = {
  seed: number;
  /** Number of files for probe and plan. */
  count: number;
  /** How many of them, from the first, also take the whole path. */
  whole: number;
  /** Files at a time. */
  lanes: number;
  /** The one file to repeat. */
  only?: number | undefined;
};
export type Finding = { file: number; input: string; ended: string; fault: string };
export type Findings = { endings: Record<string, number>; findings: Finding[] };
/** Called for each file as it ends. */
type Told = (file: number, input: string, outcome: Outcome) => void;

/** Runs the files that follow from the seed; the first `whole` of them also run through `stack`. */
export async function fuzzMedia(
  options: FuzzOptions,
  stack: Stack | null,
  told: Told = () => {},
): Promise<Findings> {
  await using store = await startStore();
  // Awaited here: the store must live until the last file has ended.
  if (options.whole === 0 || !stack) return await run(options, { store, stage: null, told });
  const person = await register(() => stack.url);
  const stage: Stage = { person: () => person, url: () => stack.url };
  const restarts = await restarted(stack);
  const found = await run(options, { store, stage, told });
  for (const service of await restarts())
    found.findings.push({ file: -1, input: "", ended: "crashed", fault: `${service} was started again` });
  return found;
}

type At = { store: Store; stage: Stage | null; told: Told };

async function run(options: FuzzOptions, { store, stage, told }: At): Promise<Findings> {
  const { seed, count, lanes, only } = options;
  const inputs = await wholeFiles();
  const endings: Record<string, number> = {};
  const findings: Finding[] = [];
  let next = only ?? 0;
  const end = only === undefined ? count : only + 1;
  const note = (file: number, input: string, outcome: Outcome) => {
    endings[outcome.ended] = (endings[outcome.ended] ?? 0) + 1;
    told(file, input, outcome);
    if (outcome.fault !== null) findings.push({ file, input, ended: outcome.ended, fault: outcome.fault });
  };
  const lane = async () => {
    while (next < end) {
      const file = next++;
      const input = inputs[file % inputs.length] ?? inputs[0];
      const random = randomFrom(seed * 1_000_003 + file);
      const given: Whole = { ...input, bytes: spoilt(input, random, inputs, store.url("trap")) };
      const { made, ...outcome } = await planned(store, `file-${file}-`, given.bytes);
      const goesOn = stage !== null && outcome.fault === null && (only !== undefined || file < options.whole);
      note(
        file,
        input.name,
        goesOn ? await throughWhole(stage, given, { ended: outcome.ended, made }) : outcome,
      );
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const trapped = store.hits.filter((hit) => hit.includes("trap")).length;
  if (trapped > 0) findings.push({ file: -1, input: "", ended: "called out", fault: `${trapped} calls` });
  return { endings, findings };
}

const given = z.object({
  ...{ seed: z.number(), count: z.number(), whole: z.number(), lanes: z.number() },
  only: z.number().optional(),
});

/** `npm run fuzz -- media`; false where something was found. */
export default async function fuzz(args: readonly string[]): Promise<boolean> {
  const command = new Command("npm run fuzz -- media")
    .option("--seed <number>", "what the files follow from", wholeNumber, 1)
    .option("--count <number>", "files through probe and plan", wholeNumber, 1000)
    .option(
      "--whole <number>",
      "the first so many go through the whole path of a running product",
      wholeNumber,
      100,
    )
    .option("--lanes <number>", "files at a time", wholeNumber, 4)
    .option("--only <number>", "this file of the seed alone", wholeNumber)
    .parse(args, { from: "user" });
  const options = given.parse(command.opts());
  const stack = options.whole > 0 ? await startStack() : null;
  const { endings, findings } = await fuzzMedia(options, stack, (file, input, { ended, fault }) => {
    const isWhole = options.only !== undefined || file < options.whole;
    if (fault !== null) process.stdout.write(`file ${file} (${input}) ${ended}: FOUND ${fault}\n`);
    else if (isWhole || file % 100 === 0) process.stdout.write(`file ${file} (${input}) ${ended}\n`);
  }).finally(() => stack?.dispose());
  process.stdout.write(`${JSON.stringify({ ...options, endings, findings: findings.length }, null, 1)}\n`);
  return findings.length === 0;
}
