/** Chooses the stack's ports once, keeps them in the data folder, and avoids those that are in use. */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { close, type Hold, hold } from "../supervise/port-hold.ts";

/**
 * The broker's node name contains its port: RabbitMQ uses `amqp`, `amqp + 10000` (epmd) and `amqp + 20000`.
 */
const stored = z.object({
  web: z.number().int(),
  s3: z.number().int(),
  postgres: z.number().int(),
  sql: z.number().int(),
  amqp: z.number().int(),
  bridge: z.number().int(),
  /** The health port of the service that sends webhooks. */
  webhooks: z.number().int(),
  /** The same of the service that fetches imports. */
  imports: z.number().int(),
  /** Each worker's health port. */
  workers: z.array(z.number().int()),
});

const some = stored.partial();

export type Ports = z.infer<typeof stored>;
export type PortName = Exclude<keyof Ports, "workers"> | `worker-${number}`;

export type ReservedPorts = Ports & {
  /** Stops listening on a port (and RabbitMQ's two others) just before its service starts. */
  release(name: PortName): Promise<void>;
  /** Releases everything; the end of the process does the same. */
  giveUp(): Promise<void>;
};

export type PortWishes = {
  host: string;
  web: number | undefined;
  s3: number | undefined;
  /** Number of workers. */
  workers: number;
};

const FILE = "ports.json";
const RABBIT_OFFSETS = [0, 10_000, 20_000];
/** A service of an earlier run may need some time to release its port. */
const PATIENCE_MS = 4_000;

/** The ports that this data folder has used so far. */
export async function savedPorts(folder: string): Promise<z.infer<typeof some>> {
  const text = await readFile(join(folder, FILE), "utf8").catch(() => "{}");
  return some.parse(JSON.parse(text));
}

/**
 * Returns the ports of this data folder and holds them until they are released, so that two stacks that start
 * at once cannot choose the same. Throws an Error when a port from the settings, or the broker's stored one,
 * is in use.
 */
export async function reservePorts(folder: string, wishes: PortWishes): Promise<ReservedPorts> {
  const file = join(folder, FILE);
  const { workers: keptWorkers = [], ...kept } = await savedPorts(folder);
  const held = new Map<PortName, Hold>();

  const wished = async (
    name: "web" | "s3",
    variable: string,
    wish: number,
    host: string,
  ): Promise<number> => {
    const got = await hold(host, [wish], wish === kept[name] ? PATIENCE_MS : 1_000);
    if (!got)
      throw new Error(`${variable}=${wish} is taken by another program: stop it, or choose another port`);
    held.set(name, got);
    return wish;
  };
  const chosen = async (
    name: PortName,
    keptPort: number | undefined,
    others: Iterable<number>,
    host: string,
  ): Promise<number> => {
    for (const port of keptPort === undefined ? others : first(keptPort, others)) {
      const got = await hold(host, [port], port === keptPort ? 1_000 : 0);
      if (!got) continue;
      held.set(name, got);
      return port;
    }
    throw new Error(`no free port was found for ${name}`);
  };
  const broker = async (): Promise<number> => {
    for (const port of kept.amqp === undefined ? shuffled(10_000, 12_700) : [kept.amqp]) {
      const patience = port === kept.amqp ? PATIENCE_MS : 0;
      const got = await hold(
        "127.0.0.1",
        RABBIT_OFFSETS.map((offset) => port + offset),
        patience,
      );
      if (!got) continue;
      held.set("amqp", got);
      return port;
    }
    throw new Error(
      `RabbitMQ's port ${kept.amqp} (or ${Number(kept.amqp) + 10_000}, ${Number(kept.amqp) + 20_000}) is taken by ` +
        `another program, and its queues are bound to it. Stop that program; or, with nothing left in the queues, ` +
        `remove "amqp" from ${file}`,
    );
  };

  const giveUp = async (): Promise<void> => {
    await close([...held.values()].flatMap(({ servers }) => servers));
    for (const socket of [...held.values()].flatMap(({ claims }) => claims)) socket.close();
    held.clear();
  };

  try {
    const { host } = wishes;
    const ports: Ports = {
      web: wishes.web
        ? await wished("web", "STORAGEX_PORT", wishes.web, host)
        : await chosen("web", kept.web, from(3_000), host),
      s3: wishes.s3
        ? await wished("s3", "STORAGEX_S3_PORT", wishes.s3, host)
        : await chosen("s3", kept.s3, from(9_000), host),
      amqp: await broker(),
      postgres: await chosen("postgres", kept.postgres, untyped(), "127.0.0.1"),
      sql: await chosen("sql", kept.sql, untyped(), "127.0.0.1"),
      bridge: await chosen("bridge", kept.bridge, untyped(), "127.0.0.1"),
      webhooks: await chosen("webhooks", kept.webhooks, untyped(), "127.0.0.1"),
      imports: await chosen("imports", kept.imports, untyped(), "127.0.0.1"),
      workers: [],
    };
    for (let index = 0; index < wishes.workers; index += 1) {
      ports.workers.push(await chosen(`worker-${index + 1}`, keptWorkers[index], untyped(), "127.0.0.1"));
    }
    await writeFile(file, `${JSON.stringify(ports, null, 2)}\n`, { mode: 0o600 });
    return { ...ports, release: (name) => close(held.get(name)?.servers ?? []), giveUp };
  } catch (error) {
    await giveUp();
    throw error;
  }
}

function* first(kept: number, others: Iterable<number>): Iterable<number> {
  yield kept;
  yield* others;
}

function* from(low: number): Iterable<number> {
  for (let port = low; port < low + 500; port += 1) yield port;
}

/** Ports that nobody types: random ones below the ephemeral range, so that clones seldom choose the same. */
const untyped = (): Iterable<number> => shuffled(13_000, 19_000);

function* shuffled(low: number, high: number): Iterable<number> {
  for (let tries = 0; tries < 200; tries += 1) yield low + Math.floor(Math.random() * (high - low));
}
