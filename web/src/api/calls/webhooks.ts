/** API calls for webhooks. */
import type { WebhookRequest, WebhookUpdate } from "@storagex/contract/webhooks";
import * as answers from "../../answers/webhooks.ts";
import { api, read, settle } from "../client.ts";

const { webhooks } = api.v1;
const of = (id: string) => ({ param: { id } });

export const listWebhooks = () => read(answers.webhookList, webhooks.$get());

export const createWebhook = (json: WebhookRequest) => read(answers.madeWebhook, webhooks.$post({ json }));

export const updateWebhook = (id: string, json: WebhookUpdate) =>
  read(answers.webhook, webhooks[":id"].$patch({ ...of(id), json }));

export const rotateWebhook = (id: string) =>
  read(answers.rotatedWebhook, webhooks[":id"].rotate.$post(of(id)));

export const testWebhook = (id: string) => read(answers.queuedDelivery, webhooks[":id"].test.$post(of(id)));

export const deleteWebhook = (id: string) => settle(webhooks[":id"].$delete(of(id)));

export const listDeliveries = (id: string, cursor: string | null) =>
  read(answers.deliveryPage, webhooks[":id"].deliveries.$get({ ...of(id), query: cursor ? { cursor } : {} }));

export const redeliver = (id: string, deliveryId: string) =>
  read(
    answers.queuedDelivery,
    webhooks[":id"].deliveries[":deliveryId"].redeliver.$post({ param: { id, deliveryId } }),
  );
