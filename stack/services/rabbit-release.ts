/**
 * An installed RabbitMQ without the plugins that nobody enabled. Erlang looks for a module in every folder of
 * its path: with all seventy of Debian's package a broker opens 52,000 files that do not exist while it starts,
 * which is a third of that time.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Folders of the application `rabbit` and of all that it names, by their applications' resource files; null where
 * one of them has none, as in an archive.
 */
export function neededApplications(plugins: string): string[] | null {
  const folders = new Map<string, string>();
  for (const folder of existsSync(plugins) ? readdirSync(plugins) : []) {
    const name = /^(\w+)-\d/.exec(folder)?.[1];
    if (name) folders.set(name, folder);
  }
  const needed = new Set<string>();
  const waiting = ["rabbit", "rabbitmq_prelaunch"];
  for (const name of waiting) {
    const folder = folders.get(name);
    // What is not among the plugins is Erlang's own.
    if (!folder || needed.has(folder)) continue;
    const resource = join(plugins, folder, "ebin", `${name}.app`);
    if (!existsSync(resource)) return null;
    needed.add(folder);
    waiting.push(...namedIn(readFileSync(resource, "utf8")));
  }
  return [...needed];
}

/** The applications that a resource file (app(5)) names. */
function namedIn(resource: string): string[] {
  const lists = resource.matchAll(/\{\s*(?:included_|optional_)?applications\s*,\s*\[([^\]]*)\]/g);
  return [...lists].flatMap(([, list = ""]) => list.match(/\w+/g) ?? []);
}

export type RabbitRelease = { server: string; env: Record<string, string>; prepare(): Promise<void> };

/**
 * The broker of `server` with what it needs, as links in `folder`; `prepare` makes them. As installed where it is
 * packed in another way.
 */
export function releaseOf(server: string, folder: string): RabbitRelease {
  const scripts = dirname(server);
  const plugins = join(scripts, "..", "plugins");
  const needed = neededApplications(plugins);
  const isKnown =
    needed?.some((name) => name.startsWith("rabbit-")) && existsSync(join(scripts, "rabbitmq-env"));
  if (!needed || !isKnown) return { server, env: {}, prepare: async () => {} };
  const own = { scripts: join(folder, "sbin"), plugins: join(folder, "plugins") };
  return {
    server: join(own.scripts, "rabbitmq-server"),
    env: { RABBITMQ_SCRIPTS_DIR: own.scripts, RABBITMQ_PLUGINS_DIR: own.plugins },
    prepare: async () => {
      // Anew each time: the package may have been updated.
      await rm(folder, { recursive: true, force: true });
      for (const path of Object.values(own)) await mkdir(path, { recursive: true, mode: 0o700 });
      await Promise.all([
        ...readdirSync(scripts).map((name) => symlink(join(scripts, name), join(own.scripts, name))),
        ...needed.map((name) => symlink(join(plugins, name), join(own.plugins, name))),
      ]);
    },
  };
}
