/** Server-sent events of `GET /v1/events`. */
import { z } from "@hono/zod-openapi";
import { processingSchema, videoSchema } from "./videos/video.ts";

/**
 * Processing state in an event: only the chunks that changed or are running, and the number of chunks; the
 * video's detail has all of them.
 */
export const processingChangeSchema = processingSchema.extend({ chunkCount: z.number().int().min(0) });

/** `video.updated`: the video as it is now, with `processing` while it is being processed. */
export const videoUpdatedSchema = videoSchema.extend({
  processing: processingChangeSchema.nullable().optional(),
});
/** `video.deleted`: sent to everybody who could see the video. */
export const videoDeletedSchema = z.object({ id: z.string() });

export const liveEventSchema = z.discriminatedUnion("event", [
  z.object({ event: z.literal("video.updated"), data: videoUpdatedSchema }),
  z.object({ event: z.literal("video.deleted"), data: videoDeletedSchema }),
]);
export type LiveEvent = z.infer<typeof liveEventSchema>;
