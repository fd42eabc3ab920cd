/**
 * Routes between the services: what workers call (`Authorization: Worker <id.secret>`), and where the API
 * sends tasks to be published; not part of the public OpenAPI document.
 */
import { createRoute, z } from "@hono/zod-openapi";
import { claimAnswerSchema, claimRequestSchema } from "../tasks/lease.ts";
import {
  deadLetterSchema,
  failRequestSchema,
  progressAnswerSchema,
  progressRequestSchema,
  reportAnswerSchema,
  succeedRequestSchema,
} from "../tasks/report.ts";
import { claimedDeliverySchema, deliveryClaimSchema, deliveryReportSchema } from "../webhooks.ts";
import { type Declared, SECURITY, WAKES_NOBODY } from "./access.ts";
import { importerRoutes } from "./imports.ts";
import { BODY, json, jsonBody, MAX_BODY, problems } from "./shared.ts";

/**
 * A route of the bridge, not of the API: edge-api sends tasks to it (`handOverSchema`) with a service token.
 */
export const HAND_OVER_PATH = "/tasks";

/** The same for the ids of webhook deliveries (`handOverDeliveriesSchema`). */
export const HAND_OVER_DELIVERIES_PATH = "/deliveries";
/** The id of the credential that the service has which sends webhooks. */
export const SENDER_ID = "webhooks";
/** The id of the credential of the service that fetches imports. */
export const IMPORTER_ID = "imports";

const deliveryParams = z.object({ deliveryId: z.string() });
const params = z.object({ taskId: z.string() });
const refused = problems(...BODY, "internal.token_invalid", "report.unstorable", "report.object_missing");
/** Counts live workers: chunk lengths and the fair release of tasks depend on it. */
export const helloRequestSchema = z.object({
  worker: z.string().min(1).max(64),
  slots: z.number().int().min(1).max(64),
  /** What it is; absent in the hello of an earlier release, which is answered without a body. */
  about: z
    .object({
      version: z.string().max(100),
      ffmpeg: z.string().max(200),
      encoder: z.string().max(100),
    })
    .optional(),
});
export type Hello = z.infer<typeof helloRequestSchema>;
/** `draining`: take no new task until a later answer says otherwise. */
export const helloAnswerSchema = z.object({ draining: z.boolean() });

/** How many of a worker's tasks have the better ranks; what is left is bulk. */
const ranked = { express: z.number().int().min(0).max(10_000), short: z.number().int().min(0).max(10_000) };
/**
 * What a worker runs, for the other workers of the same machine: bulk stops for their express work too. No
 * other channel reaches all of them: they may be in containers of their own.
 */
export const neighboursRequestSchema = z.object({
  worker: z.string().min(1).max(64),
  /** The same for all workers of a machine, and for no others. */
  machine: z.string().min(1).max(100),
  ...ranked,
});
/** The live workers of that machine besides the caller, and their tasks by rank. */
export const neighboursSchema = z.object({ workers: z.number().int().min(0), ...ranked });
export type Neighbours = z.infer<typeof neighboursSchema>;

export const internalRoutes = {
  ...importerRoutes,
  hello: createRoute({
    method: "post",
    path: "/internal/workers/hello",
    security: SECURITY.worker,
    ...WAKES_NOBODY,
    request: { body: jsonBody(helloRequestSchema, MAX_BODY.small) },
    responses: {
      200: json(helloAnswerSchema, "Noted"),
      204: { description: "Noted, of a worker of an earlier release" },
      ...refused,
    },
  }),
  neighbours: createRoute({
    method: "post",
    path: "/internal/workers/neighbours",
    security: SECURITY.worker,
    ...WAKES_NOBODY,
    request: { body: jsonBody(neighboursRequestSchema, MAX_BODY.small) },
    responses: { 200: json(neighboursSchema, "The other workers of the machine"), ...refused },
  }),
  claim: createRoute({
    method: "post",
    path: "/internal/tasks/{taskId}/claim",
    security: SECURITY.worker,
    request: { params, body: jsonBody(claimRequestSchema, MAX_BODY.small) },
    responses: { 200: json(claimAnswerSchema, "Leased, busy or gone"), ...refused },
  }),
  progress: createRoute({
    method: "post",
    path: "/internal/tasks/{taskId}/progress",
    security: SECURITY.worker,
    ...WAKES_NOBODY,
    request: { params, body: jsonBody(progressRequestSchema, MAX_BODY.report) },
    responses: { 200: json(progressAnswerSchema, "Held or gone"), ...refused },
  }),
  succeed: createRoute({
    method: "post",
    path: "/internal/tasks/{taskId}/succeed",
    security: SECURITY.worker,
    request: { params, body: jsonBody(succeedRequestSchema, MAX_BODY.report) },
    responses: { 200: json(reportAnswerSchema, "Done or gone"), ...refused },
  }),
  fail: createRoute({
    method: "post",
    path: "/internal/tasks/{taskId}/fail",
    security: SECURITY.worker,
    request: { params, body: jsonBody(failRequestSchema, MAX_BODY.text) },
    responses: { 200: json(reportAnswerSchema, "Done or gone"), ...refused },
  }),
  claimDelivery: createRoute({
    method: "post",
    path: "/internal/deliveries/{deliveryId}/claim",
    security: SECURITY.sender,
    ...WAKES_NOBODY,
    request: { params: deliveryParams, body: jsonBody(deliveryClaimSchema, MAX_BODY.small) },
    responses: {
      200: json(claimedDeliverySchema, "The signed request to send, or nothing to do"),
      ...refused,
    },
  }),
  reportDelivery: createRoute({
    method: "post",
    path: "/internal/deliveries/{deliveryId}/report",
    security: SECURITY.sender,
    ...WAKES_NOBODY,
    request: { params: deliveryParams, body: jsonBody(deliveryReportSchema, MAX_BODY.text) },
    responses: { 204: { description: "Noted, if the lease is the last one" }, ...refused },
  }),
  dead: createRoute({
    method: "post",
    path: "/internal/tasks/{taskId}/dead",
    security: SECURITY.worker,
    request: { params, body: jsonBody(deadLetterSchema, MAX_BODY.text) },
    responses: { 204: { description: "Noted" }, ...refused },
  }),
} as const satisfies Record<string, Declared>;
