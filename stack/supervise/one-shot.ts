/** Runs a Node entry that does one thing and ends: migrations, the first admin. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { inherited } from "../config.ts";
import { COMPILE_CACHE } from "../paths.ts";

const run = promisify(execFile);

/**
 * Runs `entry` and returns its output; throws with the end of it when it fails. It may take any time: a migration that
 * was ended would begin anew at each start.
 */
export async function runOneShot(
  entry: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  try {
    const { stdout } = await run(process.execPath, [entry, ...args], {
      env: { ...inherited(), NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
    });
    return stdout;
  } catch (error) {
    const words = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
    const printed = error instanceof Error && "stdout" in error ? String(error.stdout) : "";
    throw new Error(`${[entry, ...args].join(" ")} failed:\n${(printed + words).trim().slice(-2_000)}`);
  }
}
