/** What accounts store, encode and play, by day. Days are those of UTC. */
import { z } from "@hono/zod-openapi";
import { pageQuerySchema } from "../videos/video-lists.ts";

/** Max days that one call reads: a year of one account, a quarter of many. */
export const MAX_USAGE_DAYS = { own: 366, all: 93 } as const;
/** Days that are read where the call names none. */
export const USAGE_DAYS = 30;

const dayOrTimeSchema = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);
const rangeSchema = z.object({
  from: dayOrTimeSchema.optional().openapi({
    type: "string",
    description: "The first day, or a time on it",
    example: "2026-01-01",
  }),
  to: dayOrTimeSchema.optional().openapi({
    type: "string",
    description: "The last day, or a time on it; today if absent or later",
    example: "2026-01-31",
  }),
});
export const usageQuerySchema = rangeSchema;
export const adminUsageQuerySchema = pageQuerySchema
  .pick({ limit: true, cursor: true })
  .extend(rangeSchema.shape)
  .extend({
    account: z
      .string()
      .trim()
      .min(1)
      .max(254)
      .optional()
      .openapi({ description: "An account's id or e-mail address: only this one" }),
  });
export type UsageRange = z.infer<typeof usageQuerySchema>;

const figures = {
  sourceBytes: z
    .number()
    .int()
    .openapi({ description: "Bytes of originals that are stored when the day ends" }),
  renditionBytes: z.number().int().openapi({
    description: "Bytes of all that was made of them: renditions, MP4, posters, storyboards, captions",
  }),
  encodedMinutes: z
    .number()
    .openapi({ description: "Minutes of video whose encoding was completed on the day" }),
  watchedMinutes: z
    .number()
    .openapi({ description: "Minutes that StorageX's own players reported as played on the day" }),
};

export const usageDaySchema = z.object({ day: z.iso.date(), ...figures }).openapi("UsageDay");
export type UsageDay = z.infer<typeof usageDaySchema>;
export const usageSchema = z.object({ days: z.array(usageDaySchema) }).openapi("Usage");
export type Usage = z.infer<typeof usageSchema>;

export const accountUsageSchema = z
  .object({
    account: z.object({ id: z.string(), email: z.string() }),
    ...figures,
    days: z.array(usageDaySchema),
  })
  .openapi("AccountUsage", {
    description: "Bytes of the last day, minutes of all days together, and each day",
  });
export type AccountUsage = z.infer<typeof accountUsageSchema>;
export const accountUsagePageSchema = z
  .object({ items: z.array(accountUsageSchema), nextCursor: z.string().nullable() })
  .openapi("AccountUsagePage");
export type AccountUsagePage = z.infer<typeof accountUsagePageSchema>;
