/** Fuzz of files: spoilt sources through probe and plan by the thousand, some of them through the whole work of a worker. */
import { Command, InvalidArgumentError } from "commander";
import { z } from "zod";
import { startStore } from "../../transcode-node/src/testing/store.ts";
import { wholeFiles } from "./media/inputs.ts";
import { spoilt } from "./media/mutate.ts";
import { randomFrom } from "./media/random.ts";
import { type Outcome, through } from "./media/through.ts";

export type FuzzOptions = {
  seed: number;
  /** Files. */
  count: number;
  /** Of so many one goes through the whole work; 0 for none. */
  whole: number;
  /** Files at a time. */
  lanes: number;
  /** The one file to make again. */
  only?: number | undefined;
};
export type Finding = { file: number; input: string; ended: string; fault: string };
export type Findings = { endings: Record<string, number>; findings: Finding[] };

/** Runs the files that follow from the seed. `said` hears of each as it ends. */
export async function fuzzMedia(
  { seed, count, whole, lanes, only }: FuzzOptions,
  said: (file: number, outcome: Outcome) => void = () => {},
): Promise<Findings> {
  const inputs = await wholeFiles();
  await using store = await startStore();
  const endings: Record<string, number> = {};
  const findings: Finding[] = [];
  let next = only ?? 0;
  const end = only === undefined ? count : only + 1;
  const lane = async () => {
    while (next < end) {
      const file = next++;
      const random = randomFrom(seed * 1_000_003 + file);
      const input = inputs[file % inputs.length] ?? inputs[0];
      const bytes = spoilt(input, random, inputs, store.url("trap"));
      const outcome = await through(store, `file-${file}-`, bytes, {
        whole: whole > 0 && Math.floor(file / inputs.length) % whole === 0,
      });
      endings[outcome.ended] = (endings[outcome.ended] ?? 0) + 1;
      said(file, outcome);
      if (outcome.fault !== null)
        findings.push({ file, input: input.name, ended: outcome.ended, fault: outcome.fault });
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const trapped = store.hits.filter((hit) => hit.includes("trap")).length;
  if (trapped > 0) findings.push({ file: -1, input: "", ended: "called out", fault: `${trapped} calls` });
  return { endings, findings };
}

const whole = z.coerce.number().int().min(0).max(1e9);
const number = (text: string): number => {
  const read = whole.safeParse(text);
  if (!read.success) throw new InvalidArgumentError("a whole number is wanted");
  return read.data;
};
const given = z.object({
  ...{ seed: z.number(), count: z.number(), whole: z.number(), lanes: z.number() },
  only: z.number().optional(),
});

/** `npm run fuzz -- media`; false where something was found. */
export default async function run(args: readonly string[]): Promise<boolean> {
  const command = new Command("npm run fuzz -- media")
    .option("--seed <number>", "what the files follow from", number, 1)
    .option("--count <number>", "files", number, 1000)
    .option("--whole <number>", "one of so many goes through the whole work; 0 for none", number, 10)
    .option("--lanes <number>", "files at a time", number, 2)
    .option("--only <number>", "this file of the seed alone", number)
    .parse(args, { from: "user" });
  const options = given.parse(command.opts());
  const { endings, findings } = await fuzzMedia(options, (file, { ended, fault }) => {
    if (fault !== null) process.stdout.write(`file ${file} ${ended}: ${fault}\n`);
    else if (file % 100 === 0) process.stdout.write(`file ${file} ${ended}\n`);
  });
  process.stdout.write(`${JSON.stringify({ ...options, endings, findings: findings.length }, null, 1)}\n`);
  return findings.length === 0;
}
