/** The bridge's broker connection: publishes tasks and reports how many messages wait. */
import type { BrokerState, handOverDeliveriesSchema, handOverSchema } from "@storagex/contract/tasks/message";
import type { Logger } from "pino";
import type { z } from "zod";
import { keepConnected } from "../broker/connect.ts";
import { makePublisher, NotSent, type Publisher } from "../broker/publish.ts";
import { DELIVERY_QUEUE, queueOf, TASK_QUEUES } from "../broker/topology.ts";

type Tasks = z.infer<typeof handOverSchema>["tasks"];
type Deliveries = z.infer<typeof handOverDeliveriesSchema>["deliveries"];
type Open = { publisher: Publisher; depth: () => Promise<number> };

export type TaskLine = {
  broker(): BrokerState;
  /**
   * Publishes all; rejects with NotSent when any is not confirmed (others may have been: the claim removes
   * duplicates).
   */
  handOver(tasks: Tasks): Promise<void>;
  /** The same for deliveries of webhooks. */
  handOverDeliveries(deliveries: Deliveries): Promise<void>;
  /** Messages ready in all lanes. */
  depth(): Promise<number>;
  close(): Promise<void>;
};

/** Connects to `url` and stays connected until `close()`. */
export function openTaskLine(url: string, log: Logger): TaskLine {
  let open: Open | null = null;
  const broker = keepConnected({
    url,
    log,
    async setup(line) {
      const publisher = await makePublisher(line);
      const counting = await line.connection.createChannel();
      counting.on("error", (error) => line.fail(error.message));
      counting.on("close", () => line.fail("counting channel closed"));
      const depth = async () => {
        const queues = await Promise.all(TASK_QUEUES.map((queue) => counting.checkQueue(queue)));
        return queues.reduce((sum, { messageCount }) => sum + messageCount, 0);
      };
      open = { publisher, depth };
      line.lost.addEventListener("abort", () => {
        open = null;
      });
    },
  });
  const opened = () => {
    if (!open) throw new NotSent("closed");
    return open;
  };
  return {
    broker: () => {
      if (!broker.standing() || !open) return "not connected";
      return open.publisher.isBlocked() ? "blocked" : "connected";
    },
    async handOver(tasks) {
      const { publisher } = opened();
      await allSent(
        tasks.map((task) =>
          publisher.send(queueOf(task.lane ?? "bulk"), Buffer.from(JSON.stringify(task)), traceHeaders(task)),
        ),
      );
    },
    async handOverDeliveries(deliveries) {
      const { publisher } = opened();
      await allSent(
        deliveries.map((delivery) => publisher.send(DELIVERY_QUEUE, Buffer.from(JSON.stringify(delivery)))),
      );
    },
    depth: () => opened().depth(),
    close: broker.close,
  };
}

async function allSent(sending: readonly Promise<void>[]): Promise<void> {
  const sent = await Promise.allSettled(sending);
  const failed = sent.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
}

function traceHeaders(task: Tasks[number]): Record<string, string> {
  return task.traceparent === undefined ? {} : { traceparent: task.traceparent };
}
