/**
 * The queues, declared by every process that connects. Their arguments cannot be changed on a live broker
 * (406), so they must never change here.
 */
import { LANES, type Lane } from "@storagex/contract/tasks/kinds";
import type { Channel } from "amqplib";

/**
 * The bulk lane's queue has the name that the only queue had before there were lanes, so messages left in it
 * are still consumed.
 */
export const TASK_QUEUE = "video_tasks";
export const DEAD_QUEUE = "video_tasks.dead";

export const queueOf = (lane: Lane) => (lane === "bulk" ? TASK_QUEUE : `${TASK_QUEUE}.${lane}`);
export const TASK_QUEUES: readonly string[] = LANES.map(queueOf);

/**
 * One queue per step: a queue's TTL expires in order, whereas a per-message TTL would wait behind a longer
 * one.
 */
const RETRY_STEPS = ["5s", "30s", "5m"] as const;
export type RetryStep = (typeof RETRY_STEPS)[number];
const STEP_MS: Record<RetryStep, number> = { "5s": 5_000, "30s": 30_000, "5m": 300_000 };

/** Where a message of `queue` waits; it returns to the same queue. */
export const retryQueue = (queue: string, step: RetryStep) => `${queue}.retry.${step}`;

/**
 * At-least-once: the broker keeps a dead-lettered message until its new queue has confirmed it. This works
 * only on quorum queues that refuse at their limit (`reject-publish`); otherwise the broker silently falls
 * back to at-most-once.
 */
const deadLetterTo = (queue: string) => ({
  "x-dead-letter-exchange": "",
  "x-dead-letter-routing-key": queue,
  "x-dead-letter-strategy": "at-least-once",
  "x-overflow": "reject-publish",
});

const quorum = { "x-queue-type": "quorum" };

/** Only a safety net: attempts are counted in PostgreSQL. RabbitMQ 4 has 20 by default, 3.10 none. */
const DELIVERY_LIMIT = 20;
/**
 * The dead-letter queue must never drop a message: no value for "unlimited" is accepted by both 3.10 and 4.x.
 */
const NO_DELIVERY_LIMIT = 1_000_000_000;

/** Deliveries of webhooks, by their ids. PostgreSQL knows which are due: a message that nobody takes may go. */
export const DELIVERY_QUEUE = "webhook_deliveries";
/** As long as the API waits before it hands a delivery over again. */
const DELIVERY_TTL_MS = 60_000;

/** Declares every queue; idempotent. Rejects when the broker has one with other arguments. */
export async function declareTopology(channel: Channel): Promise<void> {
  await channel.assertQueue(DEAD_QUEUE, {
    durable: true,
    arguments: { ...quorum, "x-delivery-limit": NO_DELIVERY_LIMIT },
  });
  await channel.assertQueue(DELIVERY_QUEUE, {
    durable: true,
    arguments: { ...quorum, "x-delivery-limit": DELIVERY_LIMIT, "x-message-ttl": DELIVERY_TTL_MS },
  });
  for (const queue of TASK_QUEUES) {
    await channel.assertQueue(queue, {
      durable: true,
      arguments: { ...quorum, ...deadLetterTo(DEAD_QUEUE), "x-delivery-limit": DELIVERY_LIMIT },
    });
    for (const step of RETRY_STEPS) {
      await channel.assertQueue(retryQueue(queue, step), {
        durable: true,
        arguments: { ...quorum, ...deadLetterTo(queue), "x-message-ttl": STEP_MS[step] },
      });
    }
  }
}
