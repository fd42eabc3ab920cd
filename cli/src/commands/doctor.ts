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
    .option("--json", "print JSON: {name, ok, found} of each check, one a line")
    .action(async ({ deep, json }: Options) => {
      const session = await openSession();
      const signal = interruption();
      for (const { name, run } of deep ? [...CHECKS, DEEP_CHECK] : CHECKS) {
        const result = await run(session, signal).then(
          (found) => ({ name, ok: true, found }),
          (error: unknown) => ({ name, ok: false, found: endOf(error).message }),
        );
        if (!result.ok) process.exitCode = EXIT.failed;
        if (json) printJson(result);
        else printLine(`${result.ok ? "ok    " : "FAILED"}  ${name}: ${result.found}`);
      }
    });
