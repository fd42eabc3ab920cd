/** Fuzzing the API with requests generated from its document: the test of it, with another seed and for longer. */
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { Command } from "commander";
import { z } from "zod";
import { inClone } from "../../stack/paths.ts";
import { wholeNumber } from "./options.ts";

const TEST = "edge-api/tests/fuzz.real.test.ts";
const given = z.object({ seed: z.number(), count: z.number() });

/** `npm run fuzz -- api`; false where something was found. */
export default async function fuzz(args: readonly string[]): Promise<boolean> {
  const command = new Command("npm run fuzz -- api")
    .option("--seed <number>", "what the requests follow from; another each time if left out", wholeNumber)
    .option("--count <number>", "requests", wholeNumber, 100_000)
    .parse(args, { from: "user" });
  const { seed, count } = given.parse({ seed: randomInt(1e9), ...command.opts() });
  process.stdout.write(`${count} requests of seed ${seed}\n`);
  const runner = spawn(inClone("node_modules/.bin/vitest"), ["run", "--project", "real", TEST], {
    cwd: inClone(),
    env: { ...process.env, FUZZ_SEED: String(seed), FUZZ_COUNT: String(count) },
    stdio: "inherit",
  });
  const [code] = await once(runner, "exit");
  return code === 0;
}
