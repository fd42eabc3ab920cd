/** A real RabbitMQ for this workspace's tests, which can be killed and started again with its data. */
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { connect } from "amqplib";
import { amqpUrlOf, epmdService, rabbitService } from "../../../stack/services/rabbitmq.ts";
import { findRabbit } from "../../../stack/setup/programs.ts";
import { freePort, type Running, runService } from "../../../testing/services/run-service.ts";
import { eventually } from "./eventually.ts";

const run = promisify(execFile);

/** The queues of one virtual host. */
export type Queues = {
  amqpUrl: string;
  /** Messages ready in `queue`. */
  depth(queue: string): Promise<number>;
  /** Consumers of `queue`. */
  consumers(queue: string): Promise<number>;
  /** Drops the ready messages in `queue`, once it has no consumer. */
  purge(queue: string): Promise<void>;
};

export type RealBroker = Queues & {
  /** Queues that no other caller has; throws where all virtual hosts are in use. */
  own(): Queues;
  /** Puts the broker into its memory alarm, in which it takes no messages, or out of it. */
  alarm(isOn: boolean): Promise<void>;
  /** SIGKILL, like a crash. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same data. */
  start(): Promise<void>;
  /** Deletes everything that the (killed) broker stored, like a lost volume. */
  wipe(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Starts a separate broker in a temporary folder, with `hosts` virtual hosts beside its first; ready in 4–8
 * s.
 */
export async function startBroker(hosts = 0): Promise<RealBroker> {
  const program = findRabbit();
  if (!program) throw new Error("RabbitMQ is not installed: apt-get install rabbitmq-server");
  const dir = await mkdtemp(join(tmpdir(), "storagex-broker-"));
  const port = await freePort(10_000, 12_700, [0, 10_000, 20_000]);
  const settings = { folder: join(dir, "rabbitmq"), port, password: "for-a-test", program };
  const free = Array.from({ length: hosts }, (_, n) => `test-${n}`);
  const part = rabbitService(settings);
  const prepare = async () => {
    await part.prepare?.();
    await writeDefinitions(settings, ["/", ...free]);
  };
  const start = () => runService({ ...part, prepare }, join(dir, "log"));
  const epmd = await runService(epmdService(settings), join(dir, "log"));
  let rabbit: Running = await start();
  const amqpUrl = amqpUrlOf(settings);
  return {
    ...queuesAt(amqpUrl),
    own() {
      const host = free.pop();
      if (host === undefined) throw new Error(`the broker has ${hosts} virtual hosts, and all are in use`);
      return queuesAt(`${amqpUrl}/${host}`);
    },
    async alarm(isOn) {
      const limit = isOn ? "1" : "512MiB";
      const control = join(dirname(program.server), "rabbitmqctl");
      const { RABBITMQ_NODENAME = "", HOME, ERL_EPMD_PORT } = part.env;
      // As installed: the links of our own release have no command line.
      await run(control, ["-n", RABBITMQ_NODENAME, "set_vm_memory_high_watermark", "absolute", limit], {
        env: { PATH: process.env.PATH, HOME, ERL_EPMD_PORT },
      });
    },
    async kill() {
      process.kill(rabbit.pid, "SIGKILL");
      await rabbit.stop();
    },
    async start() {
      rabbit = await start();
    },
    wipe: () => rm(join(settings.folder, "mnesia"), { recursive: true, force: true }),
    async stop() {
      await rabbit.stop();
      await epmd.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function queuesAt(amqpUrl: string): Queues {
  const check = async (queue: string) => {
    const connection = await connect(amqpUrl);
    try {
      const channel = await connection.createChannel();
      // The rejection reports it too.
      channel.on("error", () => undefined);
      return await channel.checkQueue(queue);
    } finally {
      await connection.close();
    }
  };
  return {
    amqpUrl,
    depth: async (queue) => (await check(queue)).messageCount,
    consumers: async (queue) => (await check(queue)).consumerCount,
    async purge(queue) {
      await eventually(`${queue} has no consumer`, async () => (await check(queue)).consumerCount === 0);
      const connection = await connect(amqpUrl);
      await (await connection.createChannel()).purgeQueue(queue);
      await connection.close();
    },
  };
}

/**
 * What RabbitMQ imports as it starts. A broker that imports anything creates no default user: the definitions
 * contain it.
 */
async function writeDefinitions(
  { folder, password }: { folder: string; password: string },
  vhosts: readonly string[],
): Promise<void> {
  const salt = randomBytes(4);
  const hash = createHash("sha256")
    .update(Buffer.concat([salt, Buffer.from(password)]))
    .digest();
  const user = "storagex";
  const definitions = {
    users: [
      {
        name: user,
        password_hash: Buffer.concat([salt, hash]).toString("base64"),
        hashing_algorithm: "rabbit_password_hashing_sha256",
        tags: "",
      },
    ],
    vhosts: vhosts.map((name) => ({ name })),
    permissions: vhosts.map((vhost) => ({ user, vhost, configure: ".*", write: ".*", read: ".*" })),
  };
  const path = join(folder, "definitions.json");
  await writeFile(path, JSON.stringify(definitions), { mode: 0o600 });
  await appendFile(join(folder, "rabbitmq.conf"), `load_definitions = ${path}\n`);
}
