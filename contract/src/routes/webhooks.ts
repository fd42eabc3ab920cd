/** Webhooks: endpoints, their secrets, and what was delivered to them. */
import { createRoute, z } from "@hono/zod-openapi";
import { BY_IDEMPOTENCY_KEY, IDEMPOTENT } from "../idempotency.ts";
import {
  deliveriesQuerySchema,
  deliveryPageSchema,
  madeWebhookSchema,
  queuedDeliverySchema,
  rotatedWebhookSchema,
  webhookListSchema,
  webhookRequestSchema,
  webhookSchema,
  webhookUpdateSchema,
} from "../webhooks.ts";
import { audits, type Declared, orByKey, SECURITY } from "./access.ts";
import { BODY, BY_KEY, idParams, json, jsonBody, MAX_BODY, problems, shownOnce } from "./shared.ts";

const shared = { tags: ["Webhooks"], security: orByKey(SECURITY.user, "webhooks:write") };
const deliveryParams = idParams.extend({ deliveryId: z.string() });

export const webhookRoutes = {
  createWebhook: createRoute({
    ...shared,
    method: "post",
    path: "/v1/webhooks",
    operationId: "createWebhook",
    ...audits("webhook.created"),
    ...BY_IDEMPOTENCY_KEY,
    summary: "Have an endpoint told what happens to your videos; its secret is shown this once",
    description:
      "Signed as Standard Webhooks says. Without `events` it is told all, also those that later releases add. What is sent is described under `webhooks` of this document.",
    request: { body: jsonBody(webhookRequestSchema, MAX_BODY.small) },
    responses: {
      201: json(shownOnce(madeWebhookSchema, "secret"), "The webhook and the key of its signatures"),
      ...problems(
        ...BODY,
        ...BY_KEY,
        ...IDEMPOTENT,
        "webhook.too_many",
        "webhook.address_refused",
        "webhook.not_found",
      ),
    },
  }),
  listWebhooks: createRoute({
    ...shared,
    method: "get",
    path: "/v1/webhooks",
    operationId: "listWebhooks",
    summary: "The webhooks of the account, newest first; at most 200",
    description: "With whether each is enabled, and why not. Secrets are not shown.",
    responses: { 200: json(webhookListSchema, "The webhooks"), ...problems(...BY_KEY) },
  }),
  getWebhook: createRoute({
    ...shared,
    method: "get",
    path: "/v1/webhooks/{id}",
    operationId: "getWebhook",
    summary: "One webhook",
    description: "The secret is not shown: rotate it where it is lost.",
    request: { params: idParams },
    responses: { 200: json(webhookSchema, "The webhook"), ...problems(...BY_KEY, "webhook.not_found") },
  }),
  updateWebhook: createRoute({
    ...shared,
    method: "patch",
    path: "/v1/webhooks/{id}",
    operationId: "updateWebhook",
    ...audits("webhook.updated"),
    summary: "Change a webhook, disable or enable it",
    description: "While it is disabled nothing is sent; what happens meanwhile is not sent later either.",
    request: { params: idParams, body: jsonBody(webhookUpdateSchema, MAX_BODY.small) },
    responses: {
      200: json(webhookSchema, "The webhook"),
      ...problems(...BODY, ...BY_KEY, "webhook.not_found", "webhook.address_refused"),
    },
  }),
  deleteWebhook: createRoute({
    ...shared,
    method: "delete",
    path: "/v1/webhooks/{id}",
    operationId: "deleteWebhook",
    ...audits("webhook.deleted"),
    summary: "Delete a webhook with its deliveries",
    description: "What is on its way may still arrive; nothing more is sent.",
    request: { params: idParams },
    responses: { 204: { description: "Gone" }, ...problems(...BY_KEY, "webhook.not_found") },
  }),
  rotateWebhook: createRoute({
    ...shared,
    method: "post",
    path: "/v1/webhooks/{id}/rotate",
    operationId: "rotateWebhook",
    ...audits("webhook.rotated"),
    summary: "Make another secret; the one before signs along for 24 hours",
    description:
      "Until then both signatures are sent, so that the endpoint can take the new secret over without a gap.",
    request: { params: idParams },
    responses: {
      200: json(rotatedWebhookSchema, "The new secret, shown this once"),
      ...problems(...BY_KEY, "webhook.not_found"),
    },
  }),
  testWebhook: createRoute({
    ...shared,
    method: "post",
    path: "/v1/webhooks/{id}/test",
    operationId: "testWebhook",
    summary: "Send the event `webhook.test`, whatever events the webhook has",
    description: "It is delivered, tried again and shown like any other. A disabled webhook is refused.",
    request: { params: idParams },
    responses: {
      202: json(queuedDeliverySchema, "On its way"),
      ...problems(...BY_KEY, "webhook.not_found", "webhook.disabled"),
    },
  }),
  listDeliveries: createRoute({
    ...shared,
    method: "get",
    path: "/v1/webhooks/{id}/deliveries",
    operationId: "listDeliveries",
    summary: "What was sent or is to be sent, newest first; kept for 30 days",
    description: "With how each try ended, and the beginning of what the endpoint answered.",
    request: { params: idParams, query: deliveriesQuerySchema },
    responses: {
      200: json(deliveryPageSchema, "A page"),
      ...problems("request.invalid", ...BY_KEY, "webhook.not_found"),
    },
  }),
  redeliver: createRoute({
    ...shared,
    method: "post",
    path: "/v1/webhooks/{id}/deliveries/{deliveryId}/redeliver",
    operationId: "redeliver",
    summary: "Send a delivery again, at once and if needed with all tries",
    description: "With the same `webhook-id` and the same body. Endpoints must take an event twice anyway.",
    request: { params: deliveryParams },
    responses: {
      202: json(queuedDeliverySchema, "On its way"),
      ...problems(...BY_KEY, "webhook.not_found", "webhook.delivery_not_found", "webhook.disabled"),
    },
  }),
} as const satisfies Record<string, Declared>;
