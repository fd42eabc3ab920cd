/** One act on many videos. */
import { z } from "@hono/zod-openapi";
import { MAX_UNDO_SECONDS } from "./video.ts";
import { tagsSchema, visibilitySchema } from "./video-fields.ts";

const MAX_BULK = 100;

const ids = z.array(z.string().max(200)).min(1).max(MAX_BULK);
const someTags = tagsSchema.min(1);

export const bulkRequestSchema = z
  .discriminatedUnion("action", [
    z.strictObject({
      ids,
      action: z.literal("delete"),
      /** Seconds, as in `DELETE …?undo=N`. */
      undo: z.number().int().min(0).max(MAX_UNDO_SECONDS).optional(),
    }),
    z.strictObject({ ids, action: z.literal("retry") }),
    z.strictObject({ ids, action: z.literal("tag"), tags: someTags }),
    z.strictObject({ ids, action: z.literal("untag"), tags: someTags }),
    z.strictObject({ ids, action: z.literal("visibility"), visibility: visibilitySchema }),
  ])
  .openapi("BulkRequest", {
    example: { ids: ["V1StGXR8Z5jdHi6B"], action: "tag", tags: ["holiday"] },
  });
export type BulkRequest = z.infer<typeof bulkRequestSchema>;

export const bulkAnswerSchema = z
  .object({
    results: z.array(
      z.object({
        id: z.string(),
        ok: z.boolean(),
        code: z.string().optional().openapi({ description: "Why not", example: "video.not_found" }),
      }),
    ),
  })
  .openapi("BulkAnswer");
export type BulkResult = z.infer<typeof bulkAnswerSchema>["results"][number];
