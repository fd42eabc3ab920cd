/** `npm run bench <name> [-- options]`: runs one measurement, `bench/<name>.ts`. Never part of the tests. */
import { existsSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import { Argument, program } from "commander";
import { z } from "zod";

const measurement = z.object({
  default: z.custom<(args: readonly string[]) => Promise<void>>((value) => typeof value === "function"),
});

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".ts") && file !== basename(import.meta.filename))
  .map((file) => basename(file, ".ts"));

program
  .name("npm run bench")
  .description("Measures one part on this machine and prints a table.")
  .addArgument(new Argument("<name>", "what to measure").choices(names))
  .argument("[options...]", "options of the measurement; --help says which")
  .passThroughOptions()
  .action(async (name: string, options: string[]) => {
    const file = new URL(`./${name}.ts`, import.meta.url);
    if (!existsSync(file)) throw new Error(`there is no measurement ${name}`);
    await measurement.parse(await import(file.href)).default(options);
  });
await program.parseAsync();
