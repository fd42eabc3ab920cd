/** What endpoints of webhooks are called with: the section `webhooks` of the OpenAPI document. */
import { type RouteConfig, z } from "@hono/zod-openapi";
import { DELIVERY_SECONDS, WEBHOOK_EVENTS, type WebhookEvent, webhookBodies } from "../webhooks.ts";

/** When each is sent, and what with. */
const MEANING: Readonly<Record<WebhookEvent, { summary: string; description: string }>> = {
  "video.created": {
    summary: "A video is there, without its source yet",
    description: "A ticket was made, or an import was begun.",
  },
  "video.uploaded": {
    summary: "The whole source is stored",
    description: "It waits to be encoded, or is encoded already while it came.",
  },
  "video.playable": {
    summary: "The beginning can be watched",
    description: "The rest is still encoded: players follow by themselves.",
  },
  "video.completed": {
    summary: "The video is encoded in all its renditions",
    description: "It comes again after a retry.",
  },
  "video.failed": {
    summary: "The video cannot be encoded, or not be fetched",
    description: "`data.error` says why: its `code` stays the same for ever.",
  },
  "video.updated": {
    summary: "Its owner has changed the video",
    description: "Texts, tags, pairs, chapters, visibility, poster or captions; `data.revision` has risen.",
  },
  "video.deleted": {
    summary: "The video is gone for good",
    description: "A deletion that can be undone is told when it is final.",
  },
  "upload.expired": {
    summary: "An upload was not finished in time",
    description: "Its ticket has ended, and the video is gone.",
  },
  "webhook.test": {
    summary: "Somebody has asked for it, to try the endpoint",
    description: "It is sent whatever events the webhook has.",
  },
};

const headers = z.object({
  "webhook-id": z.string().openapi({
    description: "Of the event: the same on every try, and for every endpoint",
    example: "0199d2c1-6f2e-7c3a-9a51-0d3b8a7e4c21",
  }),
  "webhook-timestamp": z
    .string()
    .openapi({ description: "Seconds since 1970, of this try", example: "1769853600" }),
  "webhook-signature": z.string().openapi({
    description:
      "Standard Webhooks: `v1,` and the base64 of an HMAC-SHA256 of `id.timestamp.body`; several, divided by spaces, after a rotation",
    example: "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
  }),
});

/** Such as `onVideoCreated`: what generators call it. */
const nameOf = (type: WebhookEvent): string =>
  `on${type.replaceAll(/(?:^|\.)(\w)/g, (_, letter: string) => letter.toUpperCase())}`;

/** One for each event; its path is the type. */
export const webhookCalls: RouteConfig[] = WEBHOOK_EVENTS.map((type) => ({
  method: "post",
  path: type,
  tags: ["Webhooks"],
  // Signed by the webhook's secret: no scheme of the API's own.
  security: [],
  operationId: nameOf(type),
  ...MEANING[type],
  request: {
    headers,
    body: { required: true, content: { "application/json": { schema: webhookBodies[type] } } },
  },
  responses: {
    "2XX": { description: `Delivered, if it comes within ${DELIVERY_SECONDS} seconds` },
    410: { description: "The endpoint is no more: the webhook is disabled" },
    default: { description: "Tried again later" },
  },
}));
