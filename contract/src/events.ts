/** Server-sent events of `GET /v1/events`. */
import { z } from "@hono/zod-openapi";
import { processingSchema, videoSchema } from "./video.ts";

/** What an event says of the work: only the chunks that changed or run, and how many there are; the video's detail has them all. */
export const processingChangeSchema = processingSchema.extend({ chunkCount: z.number().int().min(0) });

/** `video.updated`: the video as it is now, with `processing` while it is being worked on. */
export const videoUpdatedSchema = videoSchema.extend({
  processing: processingChangeSchema.nullable().optional(),
});
/** `video.deleted`: gone for everybody who saw it. */
export const videoDeletedSchema = z.object({ id: z.string() });

export const liveEventSchema = z.discriminatedUnion("event", [
  z.object({ event: z.literal("video.updated"), data: videoUpdatedSchema }),
  z.object({ event: z.literal("video.deleted"), data: videoDeletedSchema }),
]);
export type LiveEvent = z.infer<typeof liveEventSchema>;
