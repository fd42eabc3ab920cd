/** Builds the dashboard and the Worker bundle where their inputs have changed; needs no network. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { inherited } from "../config.ts";
import { isEntry } from "../is-entry.ts";
import { inClone } from "../paths.ts";
import { whileLocked } from "../setup/build-lock.ts";

const run = promisify(execFile);

/** The built Worker bundle, and the dashboard's static files. */
export const BUNDLE = inClone("edge-api", "dist");
export const CLIENT = inClone("web", "dist", "client");

/**
 * What is installed may lag behind the lock file: the bundle must be rebuilt when the installed packages
 * change.
 */
const INSTALLED = "node_modules/.package-lock.json";
const WEB_INPUTS = [
  "web/src",
  "web/build",
  "web/public",
  "web/vite.config.ts",
  "web/package.json",
  "contract/src",
  "package-lock.json",
  INSTALLED,
];
const WORKER_INPUTS = ["edge-api/src", "contract/src", "wrangler.toml", "package-lock.json", INSTALLED];

/**
 * Brings both up to date, one process at a time. Returns what was built; throws with the end of the tool's
 * output.
 */
export function build(): Promise<("web" | "worker")[]> {
  return whileLocked(inClone("node_modules", ".cache", "build.lock"), buildStale);
}

async function buildStale(): Promise<("web" | "worker")[]> {
  const built: ("web" | "worker")[] = [];
  const web = await hashOf(WEB_INPUTS, "");
  if (await isStale(inClone("web", "dist", ".inputs"), web)) {
    await node(inClone("web"), [packageFile("vite", "bin/vite.js"), "build"], {});
    await stamp(inClone("web", "dist", ".inputs"), web);
    built.push("web");
  }
  // The bundle holds the dashboard's server side.
  const worker = await hashOf(WORKER_INPUTS, web);
  if (await isStale(join(BUNDLE, ".inputs"), worker)) {
    await rm(BUNDLE, { recursive: true, force: true });
    const args = ["deploy", "--dry-run", "--minify", "--outdir", BUNDLE];
    await node(inClone(), [packageFile("wrangler", "bin/wrangler.js"), ...args], {
      WRANGLER_SEND_METRICS: "false",
      WRANGLER_LOG_PATH: inClone(".wrangler", "logs"),
      CI: "true",
    });
    await stamp(join(BUNDLE, ".inputs"), worker);
    built.push("worker");
  }
  return built;
}

async function node(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    await run(process.execPath, args, {
      cwd,
      env: { ...inherited(), NODE_ENV: "production", ...env },
      maxBuffer: 1 << 26,
    });
  } catch (error) {
    const said =
      error instanceof Error && "stdout" in error && "stderr" in error
        ? `${error.stdout}${error.stderr}`
        : "";
    throw new Error(`the build failed (${args.join(" ")}):\n${said.slice(-4_000)}`);
  }
}

function packageFile(name: string, file: string): string {
  return inClone("node_modules", name, file);
}

async function isStale(stampFile: string, hash: string): Promise<boolean> {
  return (await readFile(stampFile, "utf8").catch(() => "")) !== hash;
}

async function stamp(file: string, hash: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, hash);
}

/** One hash over the contents of all files under `inputs`; tests do not count. */
async function hashOf(inputs: readonly string[], seed: string): Promise<string> {
  const hash = createHash("sha256").update(seed);
  for (const input of inputs) {
    for (const file of await filesUnder(inClone(input)))
      hash.update(`${file}\0`).update(await readFile(file));
  }
  return hash.digest("hex");
}

async function filesUnder(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => undefined);
  if (!entries) return [path];
  return entries
    .filter((entry) => entry.isFile() && !entry.name.includes(".test."))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

if (isEntry(import.meta)) {
  const built = await build();
  process.stdout.write(`${built.length === 0 ? "nothing to build" : `built: ${built.join(", ")}`}\n`);
}
