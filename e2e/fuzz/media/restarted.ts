/** Whether services of a running product died meanwhile: the supervisor starts them again under another process id. */
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

/** Takes note of what runs now; the answer names the services that no longer do under the same id. */
export async function restarted(stack: Stack): Promise<() => Promise<string[]>> {
  const before = await pidsOf(stack);
  return async () => {
    const now = await pidsOf(stack);
    return [...before].filter(([name, pid]) => now.get(name) !== pid).map(([name]) => name);
  };
}
