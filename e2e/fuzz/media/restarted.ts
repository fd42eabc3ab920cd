/**
 * Whether services of a running product died in the meantime: the supervisor restarts them under another pid.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Stack } from "../../testing/running-stack.ts";

async function pidsOf({ folder }: Stack): Promise<Map<string, string>> {
  const run = join(folder, "run");
  const names = (await readdir(run)).filter((name) => name.endsWith(".pid"));
  return new Map(
    await Promise.all(
      names.map(
        async (name) => [name.slice(0, -4), (await readFile(join(run, name), "utf8")).trim()] as const,
      ),
    ),
  );
}

/** Records what runs now; the answered function names the services whose pid has changed since. */
export async function restarted(stack: Stack): Promise<() => Promise<string[]>> {
  const before = await pidsOf(stack);
  return async () => {
    const now = await pidsOf(stack);
    return [...before].filter(([name, pid]) => now.get(name) !== pid).map(([name]) => name);
  };
}
