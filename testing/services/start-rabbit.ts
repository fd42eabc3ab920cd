/** A real RabbitMQ for a test. */
import { join } from "node:path";
import { amqpUrlOf, epmdService, rabbitService } from "../../stack/services/rabbitmq.ts";
import { findRabbit } from "../../stack/setup/programs.ts";
import { freePort, type Running, runService } from "./run-service.ts";

/** Starts a broker with its data under `dir` (absolute); it is ready in 4–8 s. */
export async function startRabbit(dir: string): Promise<Running & { amqpUrl: string; port: number }> {
  const program = findRabbit();
  if (!program) throw new Error("RabbitMQ is not installed: apt-get install rabbitmq-server");
  const port = await freePort(10_000, 12_700, [0, 10_000, 20_000]);
  const settings = { folder: join(dir, "rabbitmq"), port, password: "for-a-test", program };
  const epmd = await runService(epmdService(settings), join(dir, "log"));
  const rabbit = await runService(rabbitService(settings), join(dir, "log"));
  return {
    pid: rabbit.pid,
    amqpUrl: amqpUrlOf(settings),
    port,
    stop: async () => {
      await rabbit.stop();
      await epmd.stop();
    },
  };
}
