/** Entry of `npm test`: all checks and tests in order; the last line is the total count. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { runnerEnvironment } from "./runner/config.ts";
import { installMissing } from "./runner/programs.ts";
import { allSteps, CLONE, type Step } from "./runner/steps.ts";
import { add, NONE, sentence, type Tally } from "./runner/tally.ts";

/** A hanging runner must not take all the time of a build machine. */
const WHOLE_MS = 80 * 60_000;

const running = new Set<ChildProcess>();
const began = Date.now();
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const seconds = (from: number): number => Math.round((Date.now() - from) / 1000);

/** Seconds of all cores so far, by whatever ran on this machine. */
function coreSeconds(): { busy: number; idle: number } {
  const times = cpus().map((core) => core.times);
  const sum = (take: (core: (typeof times)[number]) => number) =>
    times.reduce((s, core) => s + take(core), 0) / 1000;
  return { busy: sum(({ user, nice, sys, irq }) => user + nice + sys + irq), idle: sum(({ idle }) => idle) };
}

/** The same since `before`: a slow machine takes more of them for the same tests. */
function coresSince(before: ReturnType<typeof coreSeconds>): string {
  const now = coreSeconds();
  const [busy, idle] = [now.busy - before.busy, now.idle - before.idle];
  return `${Math.round(busy)} s of CPU, ${Math.round((100 * idle) / Math.max(1, busy + idle))} % idle`;
}

/** Ends the process groups of the active runners, and what they started. */
function endRunners(signal: NodeJS.Signals): void {
  for (const { pid } of running) {
    try {
      if (pid !== undefined) process.kill(-pid, signal);
    } catch {
      // It has ended by itself.
    }
  }
}

/** Whether its output appears at once, or as a whole when it has ended: two at once would mix theirs. */
type Output = "at once" | "as a whole";

function execute(step: Step, file: string, output: Output): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const [program, ...args] = step.command;
  const to = output === "at once" ? "inherit" : "pipe";
  // A process group of its own, so that a hanging runner can be ended with all its children.
  const runner = spawn(program, args, {
    cwd: CLONE,
    env: runnerEnvironment(file),
    stdio: ["ignore", to, to],
    detached: true,
  });
  running.add(runner);
  const said: Buffer[] = [];
  for (const stream of [runner.stdout, runner.stderr])
    stream?.on("data", (bytes: Buffer) => said.push(bytes));
  const end = (code: number) => {
    running.delete(runner);
    process.stdout.write(Buffer.concat(said));
    resolve(code);
  };
  runner.once("error", () => end(1));
  runner.once("close", (code) => end(code ?? 1));
  return promise;
}

async function runStep(step: Step, folder: string, output: Output): Promise<Tally> {
  const [from, cores] = [Date.now(), coreSeconds()];
  print(`\n▶ ${step.name}`);
  const file = join(folder, `${step.name}.json`);
  const code = await execute(step, file, output);
  const tally = step.read
    ? await step.read(file).catch(() => ({ ...NONE, failed: 1, failures: [`${step.name}: no count`] }))
    : { ...NONE, passed: code === 0 ? 1 : 0 };
  // A runner with a bad exit code has failed, whatever it counted.
  const honest =
    code !== 0 && tally.failed === 0
      ? { ...tally, failed: 1, failures: [`${step.name}: ended with code ${code}`] }
      : tally;
  print(
    `■ ${step.name}: ${sentence(honest)} (${seconds(from)} s, ${seconds(began)} s in all; ${coresSince(cores)})`,
  );
  return honest;
}

/** Steps that need nothing of each other, two at a time: alone, each leaves a core idle for half of its time. */
async function runBeside(steps: readonly Step[], folder: string): Promise<Tally> {
  const left = steps.values();
  const runNext = async (): Promise<Tally> => {
    let sum = NONE;
    for (const step of left) sum = add(sum, await runStep(step, folder, "as a whole"));
    return sum;
  };
  const [one, other] = await Promise.all([runNext(), runNext()]);
  return add(one, other);
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
    const others = chosen.filter(({ needsPrograms }) => needsPrograms);
    const installed = others.length > 0 ? installMissing(print) : undefined;
    // Awaited when the first steps have ended.
    installed?.catch(() => undefined);
    sum = await runBeside(
      chosen.filter(({ needsPrograms }) => !needsPrograms),
      folder,
    );
    await installed;
    for (const step of others) sum = add(sum, await runStep(step, folder, "at once"));
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
  print(`The tests took longer than ${WHOLE_MS / 60_000} minutes: what is at work is ended.`);
  endRunners("SIGTERM");
  setTimeout(() => endRunners("SIGKILL"), 15_000).unref();
}, WHOLE_MS).unref();

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    endRunners("SIGTERM");
    setTimeout(() => {
      endRunners("SIGKILL");
      process.exit(130);
    }, 12_000).unref();
    void Promise.all([...running].map((runner) => once(runner, "exit"))).then(() => process.exit(130));
  });
}

process.exitCode = await main();
