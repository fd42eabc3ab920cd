/** A real RabbitMQ for this workspace's tests, which can be killed and started again with its data. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "amqplib";
import { findRabbit } from "../../../stack/programs.ts";
import { amqpUrlOf, epmdPart, rabbitPart } from "../../../stack/rabbitmq.ts";
import { freePort, type Running, runPart } from "../../../stack/testing/run-part.ts";
import { eventually } from "./eventually.ts";

export type RealBroker = {
  amqpUrl: string;
  /** SIGKILL, as a crash. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same data. */
  start(): Promise<void>;
  /** Loses everything the (killed) broker held, as a lost volume does. */
  wipe(): Promise<void>;
  /** Messages ready in `queue`. */
  depth(queue: string): Promise<number>;
  /** Drops what is ready in `queue`, once nobody consumes it any more. */
  purge(queue: string): Promise<void>;
  /** Consumers of `queue`. */
  consumers(queue: string): Promise<number>;
  stop(): Promise<void>;
};

/** Starts a broker of its own in a temporary folder; ready in 4–8 s. */
export async function startBroker(): Promise<RealBroker> {
  const program = findRabbit();
  if (!program) throw new Error("RabbitMQ is not installed: apt-get install rabbitmq-server");
  const dir = await mkdtemp(join(tmpdir(), "storagex-broker-"));
  const port = await freePort(10_000, 12_700, [0, 10_000, 20_000]);
  const settings = { folder: join(dir, "rabbitmq"), port, password: "for-a-test", program };
  const start = () => runPart(rabbitPart(settings), join(dir, "log"));
  const epmd = await runPart(epmdPart(settings), join(dir, "log"));
  let rabbit: Running = await start();
  const amqpUrl = amqpUrlOf(settings);
  const look = async (queue: string) => {
    const connection = await connect(amqpUrl);
    try {
      const channel = await connection.createChannel();
      // The rejection says so too.
      channel.on("error", () => undefined);
      return await channel.checkQueue(queue);
    } finally {
      await connection.close();
    }
  };
  return {
    amqpUrl,
    async kill() {
      process.kill(rabbit.pid, "SIGKILL");
      await rabbit.stop();
    },
    async start() {
      rabbit = await start();
    },
    wipe: () => rm(join(settings.folder, "mnesia"), { recursive: true, force: true }),
    depth: async (queue) => (await look(queue)).messageCount,
    async purge(queue) {
      await eventually(`${queue} has no consumer`, async () => (await look(queue)).consumerCount === 0);
      const connection = await connect(amqpUrl);
      await (await connection.createChannel()).purgeQueue(queue);
      await connection.close();
    },
    consumers: async (queue) => (await look(queue)).consumerCount,
    async stop() {
      await rabbit.stop();
      await epmd.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
