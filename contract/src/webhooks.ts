/**
 * Webhooks: endpoints of one's own that are told what happens to one's videos, signed as Standard Webhooks
 * says.
 */
import { z } from "@hono/zod-openapi";
import { videoDetailSchema } from "./videos/video.ts";

/** Events that endpoints get; deletions hold only what names the video. */
export const WEBHOOK_EVENTS = [
  "video.created",
  "video.uploaded",
  "video.playable",
  "video.completed",
  "video.failed",
  "video.updated",
  "video.deleted",
  "upload.expired",
  "webhook.test",
] as const;
export const webhookEventSchema = z.enum(WEBHOOK_EVENTS).openapi("WebhookEvent");
export type WebhookEvent = z.infer<typeof webhookEventSchema>;

/** Secret scanners know them by it (Standard Webhooks). */
export const WEBHOOK_SECRET_PREFIX = "whsec_";
/** Per account. */
export const MAX_WEBHOOKS = 200;
/** Deliveries of one endpoint that are sent at a time. */
export const MAX_IN_FLIGHT = 2;
/** Seconds within which an endpoint answers. */
export const DELIVERY_SECONDS = 15;
/** Seconds from a failed try to the next; after the last there is none. */
export const RETRY_WAITS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;
/** Days of nothing but failures that disable an endpoint. */
export const MAX_FAILING_DAYS = 5;
/** Hours in which the secret before a rotation signs along. */
export const ROTATION_HOURS = 24;
/** Days that deliveries are kept. */
export const DELIVERY_DAYS = 30;
/** Bytes of an answer that an attempt keeps. */
export const MAX_RESPONSE_BYTES = 1_024;

/** Of another protocol it is refused as an address, like all that is not sent to. */
const urlSchema = z
  .url()
  .max(2_000)
  .refine((url) => !/\p{Cc}/u.test(url), "holds control characters")
  .openapi({ example: "https://example.org/hooks/storagex" });
const eventsSchema = z
  .array(webhookEventSchema)
  .min(1)
  .max(WEBHOOK_EVENTS.length)
  .openapi({ example: ["video.playable", "video.completed", "video.failed"] });
const descriptionSchema = z.string().max(200).openapi({ example: "Our catalogue" });

export const webhookRequestSchema = z
  .strictObject({
    url: urlSchema,
    events: eventsSchema.optional().openapi({ description: "Left out: all, also those to come" }),
    description: descriptionSchema.optional(),
  })
  .openapi("WebhookRequest");
export type WebhookRequest = z.infer<typeof webhookRequestSchema>;

export const webhookUpdateSchema = z
  .strictObject({
    url: urlSchema.optional(),
    events: eventsSchema.nullable().optional().openapi({ description: "null: all" }),
    description: descriptionSchema.optional(),
    enabled: z.boolean().optional(),
  })
  .refine((changes) => Object.values(changes).some((value) => value !== undefined), "holds no change")
  .openapi("WebhookUpdate", { minProperties: 1 });
export type WebhookUpdate = z.infer<typeof webhookUpdateSchema>;

/** Why an endpoint was disabled: it answered 410, or it failed for five days. */
export const DISABLED_REASONS = ["gone", "failing"] as const;

export const webhookSchema = z
  .object({
    id: z.string(),
    url: z.string(),
    events: z.array(webhookEventSchema),
    description: z.string(),
    enabled: z.boolean(),
    disabledReason: z
      .enum(DISABLED_REASONS)
      .nullable()
      .openapi({ description: "`gone`: it answered 410; `failing`: nothing but failures for five days" }),
    createdAt: z.iso.datetime(),
  })
  .openapi("Webhook");
export type Webhook = z.infer<typeof webhookSchema>;

const secretSchema = z.string().openapi({
  description: "The key of the signatures, shown this once",
  example: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
});
export const madeWebhookSchema = z
  .object({ webhook: webhookSchema, secret: secretSchema })
  .openapi("MadeWebhook");
export type MadeWebhook = z.infer<typeof madeWebhookSchema>;
export const rotatedWebhookSchema = z.object({ secret: secretSchema }).openapi("RotatedWebhook");
export const webhookListSchema = z.object({ items: z.array(webhookSchema) }).openapi("WebhookList");

export const DELIVERY_STATUSES = ["waiting", "delivered", "failed"] as const;
export const deliveryStatusSchema = z.enum(DELIVERY_STATUSES);
export const deliveryAttemptSchema = z.object({
  at: z.iso.datetime(),
  status: z.number().int().nullable().openapi({ description: "Of the answer; null where there was none" }),
  milliseconds: z.number().int(),
  error: z.string().nullable().openapi({ description: "Why there was no answer" }),
  response: z.string().nullable().openapi({ description: "The first 1,024 bytes of the answer" }),
});
export type DeliveryAttempt = z.infer<typeof deliveryAttemptSchema>;
export const deliverySchema = z
  .object({
    id: z.string(),
    eventId: z.string().openapi({ description: "`webhook-id`, the same on every try" }),
    type: webhookEventSchema,
    status: deliveryStatusSchema,
    attempts: z.array(deliveryAttemptSchema).openapi({ description: "The last 20, oldest first" }),
    nextAttemptAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
  })
  .openapi("WebhookDelivery");
export type Delivery = z.infer<typeof deliverySchema>;
export const deliveryPageSchema = z
  .object({ items: z.array(deliverySchema), nextCursor: z.string().nullable() })
  .openapi("WebhookDeliveryPage");
export type DeliveryPage = z.infer<typeof deliveryPageSchema>;
export const deliveriesQuerySchema = z.object({
  status: deliveryStatusSchema.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(2_000).optional(),
});
export const queuedDeliverySchema = z.object({ deliveryId: z.string() }).openapi("QueuedDelivery");

/** What an endpoint is sent of a video: its detail at the time of the event, without signed URLs. */
export const webhookVideoSchema = videoDetailSchema
  .omit({ poster: true, posters: true })
  .openapi("WebhookVideo");
/** What an endpoint is sent of a deletion. */
export const webhookDeletedSchema = videoDetailSchema
  .pick({ id: true, externalId: true, metadata: true })
  .openapi("WebhookDeleted");

const body = <Type extends WebhookEvent, Data extends z.ZodType>(type: Type, data: Data) =>
  z.object({
    type: z.literal(type),
    timestamp: z.iso.datetime().openapi({
      description: "When it happened: of two events about a video the later one is the newer",
    }),
    data,
  });

/** The body of each event, as endpoints are sent it. */
export const webhookBodies = {
  "video.created": body("video.created", webhookVideoSchema),
  "video.uploaded": body("video.uploaded", webhookVideoSchema),
  "video.playable": body("video.playable", webhookVideoSchema),
  "video.completed": body("video.completed", webhookVideoSchema),
  "video.failed": body("video.failed", webhookVideoSchema),
  "video.updated": body("video.updated", webhookVideoSchema),
  "video.deleted": body("video.deleted", webhookDeletedSchema),
  "upload.expired": body("upload.expired", webhookDeletedSchema),
  "webhook.test": body("webhook.test", z.object({})),
} as const satisfies Record<WebhookEvent, z.ZodType>;

/** Between the API and the sender. */
export const deliveryClaimSchema = z.strictObject({
  /** Made by the sender: where the answer to a claim is lost, the same claim gets the same lease. */
  lease: z.string().regex(/^[\w-]{16,64}$/),
});
export const claimedDeliverySchema = z.discriminatedUnion("outcome", [
  /** Nothing to do now: delivered, deleted, disabled, or others of its endpoint are being sent. */
  z.object({ outcome: z.literal("none") }),
  z.object({
    outcome: z.literal("leased"),
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
  }),
]);
export const deliveryReportSchema = z.object({
  lease: z.string().max(64),
  status: z.number().int().min(100).max(999).nullable(),
  milliseconds: z.number().int().min(0),
  error: z.string().max(500).nullable(),
  response: z
    .string()
    .max(4 * MAX_RESPONSE_BYTES)
    .nullable(),
});
export type DeliveryReport = z.infer<typeof deliveryReportSchema>;
