/** Runs StorageX until a signal ends it: starts it, keeps it running, and stops it in order. */

import { isUnderNpm, readConfig } from "../config.ts";
import { writeConnections } from "../connections.ts";
import { CLONE } from "../paths.ts";
import { leaveFolder, takeFolder } from "../supervise/leftovers.ts";
import { createSupervisor, type Supervisor } from "../supervise/supervisor.ts";
import { type Blueprint, layOut } from "./blueprint.ts";
import { openDataFolder } from "./data-folder.ts";
import { reservePorts } from "./ports.ts";
import { findPrograms } from "./programs.ts";
import { openSecrets } from "./secrets.ts";
import { bringUp } from "./steps.ts";

/** Stop order: writers first, what they write to last. The services of one wave stop at once. */
const WAVES = [
  ["bridge", "workerd"],
  ["rabbitmq", "s3", "sql-endpoint"],
  ["epmd", "postgres"],
];

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

let supervisor: Supervisor | undefined;
let runFolder: string | undefined;
let stopping: Promise<void> | undefined;

/**
 * Ctrl-C reaches npm and this process, and npm forwards its own: only a later signal counts as a second one.
 */
const SAME_SIGNAL_MS = 1_500;
const STOP_WITHIN_MS = 8_500;
let stoppingSince = 0;

/** Stops everything once; a second signal while it runs kills what is left. */
async function stop(code: number): Promise<void> {
  if (stopping) {
    if (Date.now() - stoppingSince > SAME_SIGNAL_MS) supervisor?.kill();
    return stopping;
  }
  stoppingSince = Date.now();
  process.exitCode = code;
  // The stack promises to stop within ten seconds. Killing what still runs by then loses nothing.
  setTimeout(() => supervisor?.kill(), STOP_WITHIN_MS).unref();
  stopping = (async () => {
    await supervisor?.stop(WAVES);
    if (runFolder) await leaveFolder(runFolder);
    print("StorageX stopped");
    process.exit();
  })();
  return stopping;
}

function fail(error: unknown): void {
  if (stopping) return;
  print(`\nStorageX cannot run: ${error instanceof Error ? error.message : String(error)}`);
  void stop(1);
}

async function start(change: (blueprint: Blueprint) => Blueprint): Promise<void> {
  const config = readConfig(CLONE);
  const folder = await openDataFolder(config.STORAGEX_DATA);
  await takeFolder(folder.root, folder.run);
  runFolder = folder.run;
  const [programs, secrets, ports] = await Promise.all([
    findPrograms(config.AMQP_URL === undefined, print),
    openSecrets(folder.root),
    reservePorts(folder.root, {
      host: config.STORAGEX_HOST,
      web: config.STORAGEX_PORT,
      s3: config.STORAGEX_S3_PORT,
      workers: config.STORAGEX_WORKERS,
    }),
  ]);
  const blueprint = change(layOut(config, folder, secrets, ports, programs));
  supervisor = createSupervisor(folder, print, fail);
  const { setupLink } = await bringUp(
    { blueprint, config, ports, supervisor, print },
    process.stdout.isTTY === true,
  );
  await writeConnections(folder.run, blueprint);
  if (setupLink) print(`Create the first administrator (the link works once, for one hour): ${setupLink}`);
  print(`StorageX is ready at ${blueprint.publicUrl}`);
}

/** npm may be killed without forwarding the signal: a changed parent pid shows that it is gone. */
function watchParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void stop(0);
  }, 500).unref();
}

/** Runs the stack of this process's environment; call it once. `change` lets tests replace services. */
export function runStack(change = (blueprint: Blueprint) => blueprint): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));
  // A closed reader of our output must not end the stack.
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);
  if (isUnderNpm()) watchParent();
  start(change).catch(fail);
}
