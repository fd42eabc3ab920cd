/** Words of the page of webhooks. */
import type { JSX } from "solid-js";
import { wordsOf } from "./words.ts";

const english = {
  title: "Webhooks",
  help: (standard: JSX.Element, reference: JSX.Element): JSX.Element => [
    "StorageX tells your own server when something happens to your videos. Each request is signed as ",
    standard,
    " says, whose libraries check it. All calls are in ",
    reference,
    ".",
  ],
  standard: "Standard Webhooks",
  reference: "the API reference",
  newWebhook: "New webhook",
  url: "Endpoint URL",
  urlHelp: "An https URL on the internet, or one that the operator allows",
  urlRule: "Enter the whole URL, beginning with https://.",
  description: "Description",
  events: "Events",
  eventsRule: "Choose at least one.",
  create: "Create webhook",
  creating: "Creating the webhook",
  secret: "Secret",
  copySecret: "Copy the secret now: it cannot be shown again.",
  rotated: "The previous secret stays valid for 24 hours.",
  webhooks: "Your webhooks",
  allEvents: "all events",
  states: {
    on: "On",
    off: "Off",
    gone: "Off: it answered 410 Gone",
    failing: "Off: it failed for five days",
  },
  test: "Send test",
  testSent: "Test sent",
  enable: "Turn on",
  disable: "Turn off",
  rotate: "New secret",
  deleteOf: (url: string) => `Delete the webhook ${url}…`,
  deletionAsk: "Delete this webhook?",
  deletionEnds: "Its deliveries are deleted too. There is no undo.",
  delete: "Delete webhook",
  deliveries: "Deliveries",
  noDeliveries: "Nothing has been sent yet.",
  statuses: { waiting: "Waiting", delivered: "Delivered", failed: "Failed" },
  tries: (count: number) => (count === 1 ? "1 try" : `${count} tries`),
  next: (at: string) => `next try ${at}`,
  redeliver: "Send again",
  redeliverOf: (type: string) => `Send again: ${type}`,
};

export type WebhookWords = typeof english;
export const t = wordsOf("webhooks", english);
