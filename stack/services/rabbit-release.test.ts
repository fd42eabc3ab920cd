/** Which of RabbitMQ's applications its broker is started with, by the resource files of an installation. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { neededApplications, releaseOf } from "./rabbit-release.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "storagex-release-"));
  await mkdir(join(root, "sbin"));
  for (const name of ["rabbitmq-server", "rabbitmq-env"]) await writeFile(join(root, "sbin", name), name);
  await mkdir(join(root, "plugins"));
  await writeFile(join(root, "plugins", "README"), "");
  await application("rabbit-3.10.8", "kernel, rabbit_common,\n  rabbitmq_prelaunch, ra");
  await application("rabbit_common-3.10.8", "stdlib,jsx");
  await application("rabbitmq_prelaunch-3.10.8", "kernel");
  await application("ra-2.2.0", "aten");
  await application("aten-0.5.8", "kernel");
  await application("jsx-3.1.0", "");
  await application("cowboy-2.8.0", "ranch");
  await application("rabbitmq_management-3.10.8", "rabbit,cowboy");
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function application(folder: string, named: string): Promise<void> {
  const name = folder.split("-")[0] ?? "";
  const ebin = join(root, "plugins", folder, "ebin");
  await mkdir(ebin, { recursive: true });
  const resource = `{application, ${name}, [{modules, [cowboy]}, {applications, [${named}]}, {env, []}]}.\n`;
  await writeFile(join(ebin, `${name}.app`), resource);
}

const WANTED = [
  "aten-0.5.8",
  "jsx-3.1.0",
  "ra-2.2.0",
  "rabbit-3.10.8",
  "rabbit_common-3.10.8",
  "rabbitmq_prelaunch-3.10.8",
];

test("what the broker names, and what that names, is linked; plugins are not", async () => {
  expect(neededApplications(join(root, "plugins"))?.toSorted()).toEqual(WANTED);
  const release = releaseOf(join(root, "sbin", "rabbitmq-server"), join(root, "own"));
  await release.prepare();
  // Again after a crash, and after an update of the package.
  await rm(join(root, "plugins", "aten-0.5.8"), { recursive: true });
  await application("aten-0.6.0", "");
  const updated = releaseOf(join(root, "sbin", "rabbitmq-server"), join(root, "own"));
  await updated.prepare();
  expect((await readdir(join(root, "own", "plugins"))).toSorted()).toEqual([
    "aten-0.6.0",
    ...WANTED.slice(1),
  ]);
  expect(updated.server).toBe(join(root, "own", "sbin", "rabbitmq-server"));
  expect(await readFile(updated.server, "utf8")).toBe("rabbitmq-server");
  expect(updated.env.RABBITMQ_SCRIPTS_DIR).toBe(join(root, "own", "sbin"));
});

test.each([
  ["without the scripts that we know", join("sbin", "rabbitmq-env")],
  ["with an application in an archive", join("plugins", "ra-2.2.0", "ebin", "ra.app")],
  ["without the broker's folder", join("plugins", "rabbit-3.10.8")],
])("an installation %s is used as it is", async (_, missing) => {
  const server = join(root, "sbin", "rabbitmq-server");
  await rm(join(root, missing), { recursive: true });
  const release = releaseOf(server, join(root, "own"));
  await release.prepare();
  expect(release).toMatchObject({ server, env: {} });
  expect(existsSync(join(root, "own"))).toBe(false);
});
