/** What administrators see and do of the running installation: queue, workers, failures. */
import { createRoute, z } from "@hono/zod-openapi";
import {
  adminWorkerSchema,
  adminWorkersSchema,
  failurePageSchema,
  queueSchema,
  retriedSchema,
  retryFailuresRequestSchema,
} from "../operators.ts";
import { pageQuerySchema } from "../videos/video-lists.ts";
import { audits, type Declared, orByKey, SECURITY } from "./access.ts";
import { ADMIN, BODY, json, jsonBody, MAX_BODY, problems } from "./shared.ts";

const nameParams = z.object({ name: z.string().openapi({ example: "worker-1" }) });
const failuresQuerySchema = pageQuerySchema
  .pick({ limit: true, cursor: true })
  .extend({ code: z.string().max(100).optional() });

const shared = { tags: ["Administration"], security: orByKey(SECURITY.admin, "admin") };

export const operatorRoutes = {
  adminQueue: createRoute({
    ...shared,
    method: "get",
    path: "/v1/admin/queue",
    operationId: "adminQueue",
    summary: "What waits and what runs; at most two seconds old",
    description:
      "Videos and tasks by kind, how long the first has waited, how fast it goes, and when the queue will be empty (`drainSeconds`, null while nothing is encoded).",
    responses: { 200: json(queueSchema, "The queue"), ...problems(...ADMIN) },
  }),
  adminWorkers: createRoute({
    ...shared,
    method: "get",
    path: "/v1/admin/workers",
    operationId: "adminWorkers",
    summary: "Workers seen within a day, with what they run; at most two seconds old",
    description: "With version, FFmpeg, encoder, slots and state of each.",
    responses: { 200: json(adminWorkersSchema, "The workers"), ...problems(...ADMIN) },
  }),
  drainWorker: createRoute({
    ...shared,
    method: "post",
    path: "/v1/admin/workers/{name}/drain",
    operationId: "drainWorker",
    ...audits("worker.drained"),
    summary: "Let a worker finish its tasks and take no new one",
    description: "From its next claim on, and also over its own restarts, until it is resumed.",
    request: { params: nameParams },
    responses: {
      200: json(adminWorkerSchema, "Draining"),
      ...problems(...ADMIN, "worker.not_found"),
    },
  }),
  resumeWorker: createRoute({
    ...shared,
    method: "post",
    path: "/v1/admin/workers/{name}/resume",
    operationId: "resumeWorker",
    ...audits("worker.resumed"),
    summary: "Let a worker take tasks again",
    description: "From its next claim on.",
    request: { params: nameParams },
    responses: {
      200: json(adminWorkerSchema, "Live"),
      ...problems(...ADMIN, "worker.not_found"),
    },
  }),
  adminFailures: createRoute({
    ...shared,
    method: "get",
    path: "/v1/admin/failures",
    operationId: "adminFailures",
    summary: "Failed videos with their reasons, the last failure first",
    description: "And how many videos failed with each `code`; `code` shows only those.",
    request: { query: failuresQuerySchema },
    responses: {
      200: json(failurePageSchema, "A page"),
      ...problems("request.invalid", ...ADMIN),
    },
  }),
  retryFailures: createRoute({
    ...shared,
    method: "post",
    path: "/v1/admin/failures/retry",
    operationId: "retryFailures",
    ...audits("video.retried"),
    summary: "Retry failed videos, at most 50 a call",
    description:
      "Those with the `code`, or the `ids`; with neither, all. Call again while `left` is above 0.",
    request: { body: jsonBody(retryFailuresRequestSchema, MAX_BODY.small) },
    responses: {
      202: json(retriedSchema, "How many were queued, and how many of them are left"),
      ...problems(...BODY, ...ADMIN),
    },
  }),
} as const satisfies Record<string, Declared>;
