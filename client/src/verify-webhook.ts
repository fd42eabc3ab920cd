/** What a webhook brings, once its signature is verified (Standard Webhooks). */
import { Webhook } from "standardwebhooks";
import type { Schemas } from "./create-client.ts";
import type { webhooks } from "./openapi.ts";

/** A video as its detail shows it, without signed addresses. */
export type WebhookVideo = Schemas["WebhookVideo"];
/** What a webhook is sent, by its `type`. */
export type WebhookEvent = {
  [Type in keyof webhooks]: webhooks[Type]["post"]["requestBody"]["content"]["application/json"];
}[keyof webhooks];

type HeaderValues = Headers | Record<string, string | readonly string[] | undefined>;

/**
 * The event of a webhook. `headers` are those of the request, as Fetch or Node have them; `body` is the text or the
 * bytes as they arrived, not parsed; `secret` is the webhook's (`whsec_…`).
 * Throws standardwebhooks' WebhookVerificationError for what was not signed by it within the last five minutes.
 */
export function verifyWebhook(
  headers: HeaderValues,
  body: string | Uint8Array,
  secret: string,
): WebhookEvent {
  const text = typeof body === "string" ? body : new TextDecoder().decode(body);
  // What the secret has signed is a StorageX's own.
  return new Webhook(secret).verify(text, plain(headers)) as WebhookEvent;
}

function plain(headers: HeaderValues): Record<string, string> {
  const pairs = headers instanceof Headers ? [...headers] : Object.entries(headers);
  return Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), String(value ?? "")]));
}
