/** Which of several installed brokers is used. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { newestServer } from "./programs.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "storagex-programs-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function install(folder: string, version: string): Promise<string> {
  const server = join(home, folder, "sbin", "rabbitmq-server");
  await mkdir(join(home, folder, "sbin"), { recursive: true });
  await mkdir(join(home, folder, "plugins", `rabbit_common-${version}`), { recursive: true });
  await mkdir(join(home, folder, "plugins", `rabbit-${version}`), { recursive: true });
  await writeFile(server, "");
  return server;
}

test.each([
  [["3.12.9", "3.12.14"], "3.12.14"],
  [["4.10.0", "4.2.5"], "4.10.0"],
  [["3.10.8", "3.9.27"], "3.10.8"],
])("of %j it is %s", async (versions, newest) => {
  const servers = new Map<string, string>();
  for (const version of versions) servers.set(version, await install(`rabbitmq_server-${version}`, version));
  expect(newestServer([home])).toBe(servers.get(newest));
});

test("an installation without its version in the folder's name is held against 3.10 too", async () => {
  await install("opt/rabbitmq", "3.9.27");
  const homes = [join(home, "opt/rabbitmq"), join(home, "none")];
  expect(newestServer(homes)).toBe(undefined);
  const newer = await install("brew/rabbitmq", "4.2.1");
  expect(newestServer([...homes, join(home, "brew/rabbitmq")])).toBe(newer);
});
