/** Lists of videos: filters, orders, pages. Unknown query parameters are ignored; invalid values are refused. */
import { z } from "@hono/zod-openapi";
import { videoStatusSchema } from "./video.ts";
import { MAX_EXTERNAL_ID, tagSchema, visibilitySchema } from "./video-fields.ts";
import { VIDEO_SORTS } from "./video-statuses.ts";

/** Keyset pagination: a cursor continues the list that gave it out, with the same filters and order. */
export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(24),
  cursor: z.string().max(2_000).optional(),
  q: z.string().trim().max(200).optional(),
});

export const videoSortSchema = z.enum(VIDEO_SORTS);

export const timeSchema = z.iso
  .datetime({ offset: true })
  .openapi({ description: "ISO 8601; inclusive", example: "2026-01-31T00:00:00Z" });

/** A query parameter that may be given once or several times. */
export const repeatable = <S extends z.ZodType>(schema: S) => z.union([schema, z.array(schema).max(20)]);

const filtersSchema = z.object({
  status: repeatable(videoStatusSchema)
    .optional()
    .openapi({ description: "Repeatable: any of them", example: "completed" }),
  tag: repeatable(tagSchema)
    .optional()
    .openapi({ description: "Repeatable: all of them", example: "holiday" }),
  externalId: z.string().max(MAX_EXTERNAL_ID).optional(),
  visibility: visibilitySchema.optional(),
  createdAfter: timeSchema.optional(),
  createdBefore: timeSchema.optional(),
  q: pageQuerySchema.shape.q.openapi({
    description:
      "In title, file name, description or tags, all terms; case and accents do not count. Terms of one or two letters are found where a word begins",
  }),
  sort: videoSortSchema.optional().openapi({
    description: "`title`: without case and accents, by code point; `longest`: those of unknown length last",
  }),
});
export type VideoFilters = z.infer<typeof filtersSchema>;

export const videoListQuerySchema = pageQuerySchema.extend(filtersSchema.shape);
export const adminVideoListQuerySchema = videoListQuerySchema.extend({
  owner: z.string().max(64).optional().openapi({ description: "An account's id: only its videos" }),
});

export const tagsAnswerSchema = z
  .object({ items: z.array(z.object({ tag: tagSchema, videos: z.number().int().min(1) })) })
  .openapi("Tags");
export type Tags = z.infer<typeof tagsAnswerSchema>;
