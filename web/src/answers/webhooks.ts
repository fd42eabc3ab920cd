/** Webhooks and their deliveries. */
import {
  deliveryPageSchema,
  madeWebhookSchema,
  queuedDeliverySchema,
  rotatedWebhookSchema,
  webhookListSchema,
  webhookSchema,
} from "@storagex/contract/webhooks";
import type { AnswerOf } from "./answer.ts";

export const webhookList: AnswerOf<typeof webhookListSchema> = webhookListSchema;
export const webhook: AnswerOf<typeof webhookSchema> = webhookSchema;
export const madeWebhook: AnswerOf<typeof madeWebhookSchema> = madeWebhookSchema;
export const rotatedWebhook: AnswerOf<typeof rotatedWebhookSchema> = rotatedWebhookSchema;
export const deliveryPage: AnswerOf<typeof deliveryPageSchema> = deliveryPageSchema;
export const queuedDelivery: AnswerOf<typeof queuedDeliverySchema> = queuedDeliverySchema;
