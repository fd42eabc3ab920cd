/** Questions on the terminal; where there is none, answers are lines of the standard input. */
import { stdin, stdout } from "node:process";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { CommandError, EXIT } from "./exit-codes.ts";

let lines: AsyncIterator<string> | undefined;

/** What is typed is not shown where `secret` says so. */
export async function ask(question: string, { secret = false } = {}): Promise<string> {
  if (!stdin.isTTY) return nextLine(question);
  stdout.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: stdin, output: secret ? silent : stdout, terminal: true });
  try {
    // Prompted above: readline would hide the question with the answer.
    return await terminal.question("");
  } finally {
    terminal.close();
    if (secret) stdout.write("\n");
  }
}

async function nextLine(question: string): Promise<string> {
  lines ??= createInterface({ input: stdin })[Symbol.asyncIterator]();
  stdin.resume();
  const { value, done } = await lines.next();
  // Until the next question the process does not wait for whoever writes, and may have more to say.
  stdin.pause();
  if (done) throw new CommandError(`no answer to "${question.trim()}"`, EXIT.usage);
  return value;
}

/** Whether the person agrees. Without a terminal nobody can: the option `--yes` says it. */
export async function confirm(question: string): Promise<boolean> {
  if (!stdin.isTTY) throw new CommandError(`${question} Add --yes.`, EXIT.usage);
  return /^y(es)?$/i.test((await ask(`${question} [y/N] `)).trim());
}
