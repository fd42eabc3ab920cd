/**
 * `npm run fuzz -- <name> [options]`: unlimited hostile input, from a seed. A short form of each is in the
 * tests.
 */
import { Argument, program } from "commander";
import fuzzApi from "./api.ts";
import fuzzMedia from "./media.ts";

const SUBJECTS = { api: fuzzApi, media: fuzzMedia } as const;

program
  .name("npm run fuzz --")
  .description("Feeds mutated input to a part of the product and prints what it did wrong.")
  .addArgument(new Argument("<name>", "what to fuzz").choices(Object.keys(SUBJECTS)))
  .argument("[options...]", "options of the subject; --help says which")
  .passThroughOptions()
  .action(async (name: keyof typeof SUBJECTS, options: string[]) => {
    process.exitCode = (await SUBJECTS[name](options)) ? 0 : 1;
  });
await program.parseAsync();
