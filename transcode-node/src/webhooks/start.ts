/** Takes deliveries from RabbitMQ and sends them side by side, until it is stopped. */

import { deliveryMessageSchema } from "@storagex/contract/tasks/message";
import { jsonTextSchema } from "@storagex/contract/text/json-text";
import type { ConsumeMessage } from "amqplib";
import { keepConnected, type Line } from "../broker/connect.ts";
import { DELIVERY_QUEUE } from "../broker/topology.ts";
import { deliver, type Sending } from "./deliver.ts";

/**
 * Deliveries at a time. Each costs a socket and little memory; endpoints that do not answer hold a place for
 * fifteen seconds, two each, so it is far above what hundreds of them hold.
 */
const MAX_AT_ONCE = 2_000;

/** `standing` is whether the broker is connected. `stop` ends when what is being sent has been reported. */
export function startSender(
  amqpUrl: string,
  sending: Sending,
): { standing(): boolean; stop(): Promise<void> } {
  const running = new Set<Promise<void>>();
  let stopConsuming = async (): Promise<void> => undefined;
  const broker = keepConnected({ url: amqpUrl, log: sending.log, setup });

  async function setup(line: Line): Promise<void> {
    const channel = await line.connection.createChannel();
    channel.on("error", (error) => line.fail(error.message));
    channel.on("close", () => line.fail("consuming channel closed"));
    await channel.prefetch(MAX_AT_ONCE);
    const { consumerTag } = await channel.consume(DELIVERY_QUEUE, (message) => {
      if (message === null) return line.fail(`consumer of ${DELIVERY_QUEUE} was cancelled`);
      const work = take(message)
        .then(() => {
          if (!line.lost.aborted) channel.ack(message);
        })
        .catch((error: unknown) => {
          // Between the drop of a line and its end amqplib throws.
          sending.log.warn({ reason: String(error) }, "not acknowledged: the broker will deliver it again");
        });
      running.add(work);
      void work.then(() => running.delete(work));
    });
    stopConsuming = async () => {
      await channel.cancel(consumerTag).catch(() => undefined);
    };
  }

  async function take(message: ConsumeMessage): Promise<void> {
    const parsed = jsonTextSchema.pipe(deliveryMessageSchema).safeParse(message.content.toString());
    if (parsed.success) return deliver(parsed.data.deliveryId, sending);
    sending.log.error({ reason: parsed.error.message }, "a message that is no delivery");
  }

  return {
    standing: broker.standing,
    async stop() {
      await stopConsuming();
      await Promise.allSettled(running);
      await broker.close();
    },
  };
}
