/** Ports are chosen once, kept, and never taken from other programs. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ReservedPorts, reservePorts } from "./ports.ts";

const NAMES = ["web", "s3", "postgres", "sql", "amqp", "bridge", "webhooks", "imports"] as const;
const anyPort = { host: "127.0.0.1", web: undefined, s3: undefined, workers: 2 };
let folder: string;
const open: ReservedPorts[] = [];
const servers: Server[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "storagex-ports-"));
});
afterEach(async () => {
  for (const ports of open.splice(0)) await ports.giveUp();
  for (const server of servers.splice(0)) server.close();
  await rm(folder, { recursive: true, force: true });
});

async function reserve(
  dir: string,
  wishes: Parameters<typeof reservePorts>[1] = anyPort,
): Promise<ReservedPorts> {
  const ports = await reservePorts(dir, wishes);
  open.push(ports);
  return ports;
}

async function releaseAll(): Promise<void> {
  for (const ports of open.splice(0)) await ports.giveUp();
}

function occupy(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    servers.push(server);
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
}

test("the same folder gets the same ports again", async () => {
  const { release: _, giveUp: __, ...first } = await reserve(folder);
  await releaseAll();
  expect(await reserve(folder)).toMatchObject(first);
});

test("two stacks that start at once never share a port", async () => {
  const other = await mkdtemp(join(tmpdir(), "storagex-ports-"));
  const [a, b] = await Promise.all([reserve(folder), reserve(other)]);
  const all = [a, b].flatMap((ports) => NAMES.map((name) => ports[name]));
  expect(new Set(all).size).toBe(all.length);
  await rm(other, { recursive: true, force: true });
});

test("a port stays claimed between its release and the start of its service", async () => {
  const first = await reserve(folder);
  await first.release("web");
  const other = await mkdtemp(join(tmpdir(), "storagex-ports-"));
  expect((await reserve(other)).web).not.toBe(first.web);
  await rm(other, { recursive: true, force: true });
});

test("a kept port that a stranger holds is stepped around, but the broker's is a clear error", async () => {
  const first = await reserve(folder);
  await releaseAll();
  await occupy(first.postgres);
  const second = await reserve(folder);
  expect(second.postgres).not.toBe(first.postgres);
  expect(second.amqp).toBe(first.amqp);
  await releaseAll();
  await occupy(first.amqp);
  await expect(reserve(folder)).rejects.toThrow(`RabbitMQ's port ${first.amqp}`);
});

test("a wished port that is taken is a clear error", async () => {
  const taken = await occupy(0);
  await expect(reserve(folder, { ...anyPort, web: taken })).rejects.toThrow(
    `STORAGEX_PORT=${taken} is taken`,
  );
});
