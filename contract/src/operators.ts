/** What administrators see of the running installation: queue, workers, failures. */
import { z } from "@hono/zod-openapi";
import { taskKindSchema } from "./tasks/kinds.ts";

/** Seconds of video or of time; `Speed` is seconds of video per second. */
const secondsSchema = z.number().min(0);

export const queueSchema = z
  .object({
    videos: z.object({ uploading: z.number().int(), queued: z.number().int(), processing: z.number().int() }),
    /** Tasks that are not released yet, that lie with the broker, that a worker runs. */
    tasks: z.array(
      z.object({
        kind: taskKindSchema,
        waiting: z.number().int(),
        queued: z.number().int(),
        running: z.number().int(),
      }),
    ),
    /** How long the first of the queued videos has waited; 0 where none waits. */
    oldestQueuedSeconds: secondsSchema,
    encodedSecondsPerSecond: secondsSchema,
    /** Estimate for everything that is queued or processing; null while nothing is encoded. */
    drainSeconds: secondsSchema.nullable(),
    /** Videos that failed and wait for somebody to retry or delete them. */
    dead: z.number().int(),
    /** Bytes of all accounts. */
    storage: z.object({ used: z.number().int(), reserved: z.number().int() }),
  })
  .openapi("Queue");
export type Queue = z.infer<typeof queueSchema>;

export const WORKER_STATES = ["live", "draining", "gone"] as const;
export const adminWorkerSchema = z
  .object({
    name: z.string(),
    /** Null for a worker of an earlier release. */
    version: z.string().nullable(),
    ffmpeg: z.string().nullable(),
    encoder: z.string().nullable(),
    slots: z.number().int(),
    /** `draining` finishes its tasks and takes no new one; `gone` has not been heard of for 30 s. */
    state: z.enum(WORKER_STATES),
    seenAt: z.iso.datetime(),
    running: z.array(
      z.object({
        videoId: z.string(),
        title: z.string(),
        kind: taskKindSchema,
        index: z.number().int(),
        progress: z.number(),
        speed: z.number().nullable(),
        since: z.iso.datetime(),
      }),
    ),
    tasksDone: z.number().int(),
    tasksFailed: z.number().int(),
  })
  .openapi("AdminWorker");
export type AdminWorker = z.infer<typeof adminWorkerSchema>;
export const adminWorkersSchema = z.object({ items: z.array(adminWorkerSchema) }).openapi("AdminWorkers");

export const failureSchema = z
  .object({
    videoId: z.string(),
    title: z.string(),
    owner: z.object({ id: z.string(), email: z.string() }),
    code: z.string(),
    reason: z.string(),
    failedAt: z.iso.datetime(),
    /** Of the task that failed; null where the video failed without one. */
    kind: taskKindSchema.nullable(),
    index: z.number().int().nullable(),
    worker: z.string().nullable(),
    attempts: z.number().int(),
  })
  .openapi("Failure");
export type Failure = z.infer<typeof failureSchema>;
export const failurePageSchema = z
  .object({
    items: z.array(failureSchema),
    nextCursor: z.string().nullable(),
    /** How many videos failed for each reason, most first. */
    codes: z.array(z.object({ code: z.string(), videos: z.number().int() })),
  })
  .openapi("FailurePage");
export type FailurePage = z.infer<typeof failurePageSchema>;

/** Max videos that one call retries. */
export const MAX_RETRIED = 50;
/** Of a reason, of these videos, or of both; with neither, everything that failed. */
export const retryFailuresRequestSchema = z
  .strictObject({
    code: z.string().min(1).max(100).optional(),
    ids: z.array(z.string().max(100)).min(1).max(MAX_RETRIED).optional(),
  })
  .openapi("RetryFailures");
export const retriedSchema = z
  .object({ retried: z.number().int(), left: z.number().int() })
  .openapi("RetriedFailures");
