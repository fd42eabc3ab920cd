/** `storagex doctor`: whether everything works from here. */
import { Command } from "commander";
import { CHECKS, DEEP_CHECK } from "../doctor/checks.ts";
import { EXIT, endOf } from "../exit-codes.ts";
import { printJson, printLine } from "../print.ts";
import { interruption, openSession } from "../session.ts";

type Options = { deep?: true; json?: true };

export const doctorCommand = (): Command =>
  new Command("doctor")
    .description("check address, services, clock, key and workers from this machine")
    .option("--deep", "send a second of video through everything, play it, and delete it")
    .option("--json", "print JSON: one array of {name, ok, found}")
    .action(async ({ deep, json }: Options) => {
      const session = await openSession();
      const signal = interruption();
      const results: { name: string; ok: boolean; found: string }[] = [];
      for (const { name, run } of deep ? [...CHECKS, DEEP_CHECK] : CHECKS) {
        const result = await run(session, signal).then(
          (found) => ({ name, ok: true, found }),
          (error: unknown) => ({ name, ok: false, found: endOf(error).message }),
        );
        results.push(result);
        if (!json) printLine(`${result.ok ? "ok    " : "FAILED"}  ${name}: ${result.found}`);
      }
      if (json) printJson(results);
      if (results.some(({ ok }) => !ok)) process.exitCode = EXIT.failed;
    });
