/** A task's message through RabbitMQ, and its hand-over to the bridge. */
import { z } from "zod";
import { LANES, taskKindSchema } from "./kinds.ts";

/**
 * What is sent through RabbitMQ: ids only. The claim returns everything else, so a stale message can do no
 * harm.
 */
export const taskMessageSchema = z.object({
  taskId: z.uuid(),
  videoId: z.string(),
  generation: z.number().int().positive(),
  kind: taskKindSchema,
  index: z.number().int().min(0),
  /** Its queue; absent in messages of releases without lanes, which are bulk. */
  lane: z.enum(LANES).optional(),
  /** W3C trace context, from the ticket to the last segment. */
  traceparent: z.string().optional(),
});
export type TaskMessage = z.infer<typeof taskMessageSchema>;

/** `POST /tasks` of the bridge: publishes every message and answers after the last publisher confirm. */
export const handOverSchema = z.object({ tasks: z.array(taskMessageSchema).min(1).max(100) });

/** Through RabbitMQ to the service that sends webhooks; the claim returns everything else. */
export const deliveryMessageSchema = z.object({ deliveryId: z.string().min(1).max(64) });
/** `POST /deliveries` of the bridge. */
export const handOverDeliveriesSchema = z.object({
  deliveries: z.array(deliveryMessageSchema).min(1).max(500),
});

export const handOverAnswerSchema = z.object({
  accepted: z.number().int(),
  /** Ready messages in all lanes: the reconciler publishes again only into empty queues. */
  queueDepth: z.number().int(),
});

/** `GET /healthz` of the bridge. `blocked`: the broker is in an alarm of memory or disk, and takes no messages. */
export const bridgeHealthSchema = z.object({
  ok: z.boolean(),
  broker: z.enum(["connected", "blocked", "not connected"]),
});
export type BrokerState = z.infer<typeof bridgeHealthSchema>["broker"];
