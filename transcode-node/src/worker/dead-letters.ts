/**
 * Reads the dead-letter queue: every message there is reported to the API, so that no task ends unnoticed.
 */
import type { Logger } from "pino";
import type { Delivery } from "../broker/consume.ts";
import { keepTrying } from "../service/retry.ts";
import type { Api } from "./api.ts";
import { parseMessage } from "./run.ts";

/**
 * Reports `delivery`, retrying until the API accepts it, then acknowledges. At shutdown it stays for the next
 * consumer.
 */
export async function reportDeadLetter(
  delivery: Delivery,
  options: { api: Api; log: Logger; shutdown: AbortSignal },
): Promise<void> {
  const { api, log, shutdown } = options;
  const message = parseMessage(delivery.body);
  if (!message) {
    // Names no task, so nobody waits for it; the log keeps its beginning.
    log.error({ body: delivery.body.toString("utf8", 0, 500) }, "dropped a dead letter that is not a task");
    return delivery.ack();
  }
  const { taskId, kind, traceparent } = message;
  const body = { kind, reason: "The broker gave up delivering this task." };
  try {
    await keepTrying(() => api.dead(taskId, body, { traceparent: traceparent ?? null }), {
      until: Number.POSITIVE_INFINITY,
      signal: shutdown,
      onRetry: (error) => log.warn({ taskId, reason: String(error) }, "dead letter not taken, trying again"),
    });
    log.warn({ taskId, kind }, "dead letter reported");
    delivery.ack();
  } catch (error) {
    if (shutdown.aborted) return;
    log.error({ taskId, reason: String(error) }, "the API refuses this dead letter");
    await delivery.park("5m", 0);
  }
}
