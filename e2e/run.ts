/** Entry of `npm test`: all checks and tests in order; the last line is the total count. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runnerEnvironment } from "./runner/config.ts";
import { installMissing } from "./runner/programs.ts";
import { allSteps, CLONE, type Step } from "./runner/steps.ts";
import { add, NONE, sentence, type Tally } from "./runner/tally.ts";

/** A hanging runner must not take all the time of a build machine. */
const WHOLE_MS = 60 * 60_000;

let running: ChildProcess | undefined;
const began = Date.now();
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const seconds = (from: number): number => Math.round((Date.now() - from) / 1000);

/** Ends the process group of the active runner, and what it started. */
function endRunner(signal: NodeJS.Signals): void {
  if (running?.pid === undefined) return;
  try {
    process.kill(-running.pid, signal);
  } catch {
    // It has ended by itself.
  }
}

function execute(step: Step, file: string): Promise<number> {
  return new Promise((resolve) => {
    const [program, ...args] = step.command;
    // A process group of its own, so that a hanging runner can be ended with all its children.
    running = spawn(program, args, {
      cwd: CLONE,
      env: runnerEnvironment(file),
      stdio: ["ignore", "inherit", "inherit"],
      detached: true,
    });
    running.once("error", () => resolve(1));
    running.once("exit", (code) => resolve(code ?? 1));
  });
}

async function runStep(step: Step, folder: string): Promise<Tally> {
  const from = Date.now();
  print(`\n▶ ${step.name}`);
  const file = join(folder, `${step.name}.json`);
  const code = await execute(step, file);
  const tally = step.read
    ? await step.read(file).catch(() => ({ ...NONE, failed: 1, failures: [`${step.name}: no count`] }))
    : { ...NONE, passed: code === 0 ? 1 : 0 };
  // A runner with a bad exit code has failed, whatever it counted.
  const honest =
    code !== 0 && tally.failed === 0
      ? { ...tally, failed: 1, failures: [`${step.name}: ended with code ${code}`] }
      : tally;
  print(`■ ${step.name}: ${sentence(honest)} (${seconds(from)} s, ${seconds(began)} s in all)`);
  return honest;
}

async function main(): Promise<number> {
  const steps = allSteps();
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    print(`There is no step ${unknown.join(", ")}. There are: ${steps.map((step) => step.name).join(", ")}`);
    return 2;
  }
  const folder = await mkdtemp(join(tmpdir(), "storagex-test-"));
  let sum = NONE;
  try {
    const chosen = steps.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
    // Mostly downloads: the steps that need none of it run meanwhile.
    const installed = chosen.some(({ needsPrograms }) => needsPrograms) ? installMissing(print) : undefined;
    // Awaited by the first step that needs it.
    installed?.catch(() => undefined);
    for (const step of chosen) {
      if (step.needsPrograms) await installed;
      sum = add(sum, await runStep(step, folder));
    }
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    sum = add(sum, { ...NONE, failed: 1, failures: ["the test command itself"] });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  // Again at the end: who reads a long log reads its last lines.
  for (const failure of sum.failures) print(`✗ ${failure}`);
  print(`\n${sentence(sum)}`);
  return sum.failed === 0 ? 0 : 1;
}

setTimeout(() => {
  print(`The tests took longer than ${WHOLE_MS / 60_000} minutes: the runner at work is ended.`);
  endRunner("SIGTERM");
  setTimeout(() => endRunner("SIGKILL"), 15_000).unref();
}, WHOLE_MS).unref();

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    endRunner("SIGTERM");
    setTimeout(() => {
      endRunner("SIGKILL");
      process.exit(130);
    }, 12_000).unref();
    running?.once("exit", () => process.exit(130));
  });
}

process.exitCode = await main();
