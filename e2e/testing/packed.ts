/** A workspace as it would be published: built, packed, and installed from the packed file into an empty project. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { Stack } from "./running-stack.ts";

/** What tests of packed workspaces share: the running product, and the folder of a project. */
export type Project = { stack(): Stack; folder(): string };

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, "../..");

const manifestSchema = z.object({ dependencies: z.record(z.string(), z.string()).default({}) });

/**
 * Makes a project and installs `workspaces` there, offline: what they depend on is packed from this clone's own
 * node_modules. Returns its folder.
 */
export async function projectWith(...workspaces: string[]): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), "storagex-project-"));
  const packed = join(project, "packed");
  await mkdir(packed);
  await writeFile(
    join(project, "package.json"),
    JSON.stringify({ name: "empty", private: true, type: "module" }),
  );
  // Their `prepack` builds them: one after the other, because a later one may import an earlier one.
  for (const workspace of workspaces)
    await run("npm", ["pack", "--pack-destination", packed], { cwd: join(ROOT, workspace) });
  const others = await dependenciesOf(workspaces.map((workspace) => join(ROOT, workspace)));
  await run("npm", ["pack", "--ignore-scripts", "--pack-destination", packed, ...others], { cwd: ROOT });
  const files = (await readdir(packed)).map((name) => join(packed, name));
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", ...files], { cwd: project });
  return project;
}

/** The folders of all packages that those in `folders` depend on, our own left out. */
async function dependenciesOf(folders: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  const open = [...folders];
  for (let folder = open.pop(); folder; folder = open.pop()) {
    const manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, "package.json"), "utf8")));
    for (const name of Object.keys(manifest.dependencies).filter((each) => !each.startsWith("@storagex/"))) {
      const at = await folderOf(name, folder);
      if (!found.has(at)) open.push(at);
      found.add(at);
    }
  }
  return [...found];
}

/** Where Node finds the package `name` from `folder`. */
async function folderOf(name: string, folder: string): Promise<string> {
  const at = join(folder, "node_modules", name);
  const isThere = await readFile(join(at, "package.json")).then(
    () => true,
    () => false,
  );
  if (isThere) return at;
  if (folder === dirname(folder)) throw new Error(`${name} is not installed`);
  return folderOf(name, dirname(folder));
}

const MIN_NODE = 20;

/**
 * The Nodes to try a packed workspace on: this one, and the machine's own, which npm runs on (20 where that is what
 * the machine has).
 */
export async function nodes(): Promise<{ version: string; path: string }[]> {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((each) => !each.includes("node_modules"));
  const found = new Map([[process.version, process.execPath]]);
  for (const folder of folders) {
    const path = join(folder, "node");
    const version = await run(path, ["--version"]).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    );
    if (version && Number.parseInt(version.slice(1), 10) >= MIN_NODE && !found.has(version))
      found.set(version, path);
  }
  return [...found].map(([version, path]) => ({ version, path }));
}
