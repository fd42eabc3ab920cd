#!/usr/bin/env node
/** `storagex`: the commands, and how each ends. */
import { Command, CommanderError } from "commander";
import { doctorCommand } from "./commands/doctor.ts";
import { importCommand } from "./commands/import.ts";
import { importFromCommand } from "./commands/import-from.ts";
import { loginCommand } from "./commands/login.ts";
import { queueCommand, workersCommand } from "./commands/operators.ts";
import { shareCommand } from "./commands/share.ts";
import { uploadCommand } from "./commands/upload.ts";
import { deleteCommand, getCommand, listCommand, openCommand } from "./commands/videos.ts";
import { webhooksCommand } from "./commands/webhooks.ts";
import { EXIT, endOf } from "./exit-codes.ts";
import { outputClosed, printError, watchOutput } from "./print.ts";

const program = new Command("storagex")
  .description("Upload, find and share videos on a StorageX server, and operate it.")
  .version("0.1.0")
  .showHelpAfterError()
  .addHelpText(
    "after",
    "\nEvery command takes --json. Exit codes: 0 done, 1 failed, 2 usage, 3 refused, 4 not found,\n5 not reached, 6 the video failed, 130 interrupted,\n141 nobody read the output.",
  );

const commands = [
  ...[loginCommand(), uploadCommand(), importCommand(), listCommand(), getCommand(), openCommand()],
  ...[
    importFromCommand(),
    deleteCommand(),
    shareCommand(),
    webhooksCommand(),
    queueCommand(),
    workersCommand(),
    doctorCommand(),
  ],
];
for (const command of commands) program.addCommand(command);

/** Commander ends the process with 1 for a wrong usage; here that is 2. */
function throwOnExit(command: Command): void {
  command.exitOverride();
  for (const each of command.commands) throwOnExit(each);
}
throwOnExit(program);

/** An id may begin with a hyphen: behind `--` it is no option. */
const isId = (text: string): boolean => /^-[\w-]{21}$/.test(text);
const given = process.argv.slice(2);
const ids = given.includes("--") ? [] : given.filter(isId);
const args = ids.length === 0 ? given : [...given.filter((each) => !isId(each)), "--", ...ids];

watchOutput();
/** For what a command still has to undo or to delete. Milliseconds. */
const CLOSED_GRACE = 5_000;
outputClosed.addEventListener("abort", () => {
  setTimeout(() => process.exit(EXIT.outputClosed), CLOSED_GRACE).unref();
});
process.on("exit", () => {
  if (outputClosed.aborted) process.exitCode = EXIT.outputClosed;
});

try {
  await program.parseAsync(args, { from: "user" });
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
  else {
    const { exitCode, message } = endOf(error);
    printError(message);
    process.exitCode = exitCode;
  }
}
