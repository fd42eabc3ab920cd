/** Problems of webhooks and their deliveries. */
import type { ProblemEntry } from "./entry.ts";

export const WEBHOOK_PROBLEMS = {
  "webhook.not_found": {
    status: 404,
    title: "No such webhook",
    detail: "It does not exist or is not yours.",
  },
  "webhook.delivery_not_found": {
    status: 404,
    title: "No such delivery",
    detail: "It does not exist any more: deliveries are kept for 30 days.",
  },
  "webhook.too_many": {
    status: 409,
    title: "Too many webhooks",
    detail: "An account has at most 200. Delete one that is not needed any more.",
  },
  "webhook.disabled": {
    status: 409,
    title: "The webhook is disabled",
    detail: "Enable it first, by PATCH with `enabled`: nothing is sent to it until then.",
  },
  "webhook.address_refused": {
    status: 422,
    title: "Address not allowed",
    detail:
      "An endpoint has an https address on the public internet. The operator can allow others with STORAGEX_WEBHOOK_ALLOW.",
  },
} as const satisfies Record<string, ProblemEntry>;
